-- Conditions are judged over several logs at once.
DROP FUNCTION IF EXISTS dripline.all_conditions_hold(integer, text[], integer[], text[], bigint[], integer[], text[]);
