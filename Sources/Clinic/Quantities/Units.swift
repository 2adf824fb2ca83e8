/// Each unit in use, with its UCUM code (https://ucum.org), and the type of its amounts.

public enum Milligram: MeasurementUnit { public static var symbol: String { "mg" } }
public enum MilligramPerHour: MeasurementUnit { public static var symbol: String { "mg/h" } }
public enum Kilogram: MeasurementUnit { public static var symbol: String { "kg" } }
public enum MilligramPerKilogram: MeasurementUnit { public static var symbol: String { "mg/kg" } }
public enum MilligramPerKilogramPerHour: MeasurementUnit { public static var symbol: String { "mg/kg/h" } }
public enum MilligramPerMillilitre: MeasurementUnit { public static var symbol: String { "mg/mL" } }
public enum Millilitre: MeasurementUnit { public static var symbol: String { "mL" } }
public enum MillilitrePerHour: MeasurementUnit { public static var symbol: String { "mL/h" } }
public enum Centimetre: MeasurementUnit { public static var symbol: String { "cm" } }
public enum PerMinuteUnit: MeasurementUnit { public static var symbol: String { "/min" } }
public enum PercentUnit: MeasurementUnit { public static var symbol: String { "%" } }
public enum LitrePerMinute: MeasurementUnit { public static var symbol: String { "L/min" } }
public enum Hour: MeasurementUnit { public static var symbol: String { "h" } }

public enum Minute: MeasurementUnit { public static var symbol: String { "min" } }

/// An amount whose unit stands in a field beside it.
public enum UnitBeside: MeasurementUnit {
    public static var symbol: String { "1" }
    public static var label: String { "in its unit" }
}

public enum MicrogramPerKilogramPerMinute: MeasurementUnit {
    public static var symbol: String { "ug/kg/min" }
    /// "mcg", because "µg" by hand is read as "mg" (ISMP's list of error-prone abbreviations).
    public static var label: String { "mcg/kg/min" }
}

public enum MillimetreOfMercury: MeasurementUnit {
    public static var symbol: String { "mm[Hg]" }
    public static var label: String { "mmHg" }
}

public enum DegreeCelsius: MeasurementUnit {
    public static var symbol: String { "Cel" }
    public static var label: String { "°C" }
}

public typealias Milligrams = Quantity<Milligram>
public typealias MilligramsPerHour = Quantity<MilligramPerHour>
public typealias Kilograms = Quantity<Kilogram>
public typealias MilligramsPerKilogram = Quantity<MilligramPerKilogram>
public typealias MilligramsPerKilogramPerHour = Quantity<MilligramPerKilogramPerHour>
public typealias MicrogramsPerKilogramPerMinute = Quantity<MicrogramPerKilogramPerMinute>
public typealias MilligramsPerMillilitre = Quantity<MilligramPerMillilitre>
public typealias Millilitres = Quantity<Millilitre>
public typealias MillilitresPerHour = Quantity<MillilitrePerHour>
public typealias Centimetres = Quantity<Centimetre>
public typealias PerMinute = Quantity<PerMinuteUnit>
public typealias MillimetresOfMercury = Quantity<MillimetreOfMercury>
public typealias Percent = Quantity<PercentUnit>
public typealias DegreesCelsius = Quantity<DegreeCelsius>
public typealias LitresPerMinute = Quantity<LitrePerMinute>
public typealias Hours = Quantity<Hour>
public typealias Minutes = Quantity<Minute>
public typealias DoseAmount = Quantity<UnitBeside>
