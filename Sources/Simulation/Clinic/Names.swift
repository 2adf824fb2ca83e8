/// Names for people who do not exist.
enum Names {
    static let clinics = [
        ("alder", "Alder Bend"), ("birch", "Birch Hollow"), ("catalpa", "Catalpa Springs"), ("dogwood", "Dogwood Crossing"),
        ("elm", "Elm Ford"),
        ("fir", "Fir Landing"), ("ginkgo", "Ginkgo Park"), ("hawthorn", "Hawthorn Gate"), ("ironwood", "Ironwood Mesa"),
        ("juniper", "Juniper Flats"), ("katsura", "Katsura Point"), ("larch", "Larch Ridge"),
    ]
    static let women = [
        "Adaeze", "Beatriz", "Chiyo", "Dorothea", "Eilidh", "Fatima", "Greta", "Hanneke", "Imogen", "Jovana", "Kalliope", "Leilani",
        "Meera", "Niamh",
        "Oksana", "Philippa", "Quynh", "Rosalind", "Saga", "Tatiana", "Uma", "Vigdis", "Wambui", "Xiomara", "Yara", "Zsófia",
    ]
    static let men = [
        "Anselm", "Bashir", "Caspian", "Dmitri", "Emeka", "Fergus", "Gaspard", "Hiroto", "Ignacio", "Jorge", "Kwame", "Lorcan", "Mateus",
        "Nikolai",
        "Obadiah", "Parviz", "Quentin", "Rasmus", "Stellan", "Tadeusz", "Ulises", "Vikram", "Wolfgang", "Xander", "Youssef", "Zoltán",
    ]
    static let families = [
        "Applewhite", "Barleycorn", "Cloudsley", "Dandridge", "Elderflower", "Featherington", "Goldfinch", "Heatherby", "Ivybridge",
        "Jessamine",
        "Kingsfoil", "Loosestrife", "Marigold", "Nettleship", "Oakenshaw", "Pennyroyal", "Quickbeam", "Rosebay", "Silverthorn",
        "Thistlewood",
        "Underhill", "Vetchling", "Willowherb", "Yarborough", "Zinnia", "Amberley", "Brambleby", "Coltsfoot", "Dogrose", "Eglantine",
        "Foxglove",
        "Gorsefield", "Honeysett", "Larkmead", "Meadowsweet", "Nightjar", "Orchardson", "Primrose", "Ragwort", "Saltmarsh",
    ]
    static let streets = ["Orchard Lane", "Fernhill Road", "Mulberry Court", "Windfall Street", "Catkin Way", "Harrow Close", "Millrace"]
    static let relations = [
        "wife", "husband", "partner", "sister", "brother", "daughter", "son", "friend", "neighbour", "mother", "father",
    ]
}
