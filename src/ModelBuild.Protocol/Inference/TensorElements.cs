using System.Text.Json;

namespace ModelBuild.Protocol;

/// <summary>
/// Defines how the elements of each data type of the protocol are read and written. A number outside of the range of a type is not an element of the type.
/// </summary>
internal static class TensorElements
{
    internal readonly struct Float32 : ITensorElement<float>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out float value)
        {
            value = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out value) && float.IsFinite(value);
        }

        public static void Write(Utf8JsonWriter writer, float value) => writer.WriteNumberValue(value);

        public static bool HasJson(float value) => float.IsFinite(value);
    }

    internal readonly struct Float64 : ITensorElement<double>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out double value)
        {
            value = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value) && double.IsFinite(value);
        }

        public static void Write(Utf8JsonWriter writer, double value) => writer.WriteNumberValue(value);

        public static bool HasJson(double value) => double.IsFinite(value);
    }

    internal readonly struct Float16 : ITensorElement<Half>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out Half value)
        {
            var isNumber = Float64.TryRead(ref reader, out var number);
            value = (Half)number;
            return isNumber && Half.IsFinite(value);
        }

        public static void Write(Utf8JsonWriter writer, Half value) => writer.WriteNumberValue((float)value);

        public static bool HasJson(Half value) => Half.IsFinite(value);
    }

    /// <summary>Reads and writes a bfloat16, which is represented by its bits: the upper half of those of a float32.</summary>
    internal readonly struct BrainFloat16 : ITensorElement<ushort>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out ushort value)
        {
            var isNumber = Float32.TryRead(ref reader, out var number);
            // The number is rounded to the nearest bfloat16 value; ties are rounded to even.
            var bits = BitConverter.SingleToUInt32Bits(number);
            value = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
            return isNumber && HasJson(value);
        }

        public static void Write(Utf8JsonWriter writer, ushort value) => writer.WriteNumberValue(ToSingle(value));

        public static bool HasJson(ushort value) => float.IsFinite(ToSingle(value));

        private static float ToSingle(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);
    }

    internal readonly struct Int8 : ITensorElement<sbyte>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out sbyte value)
        {
            value = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetSByte(out value);
        }

        public static void Write(Utf8JsonWriter writer, sbyte value) => writer.WriteNumberValue(value);
    }

    internal readonly struct UInt8 : ITensorElement<byte>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out byte value)
        {
            value = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetByte(out value);
        }

        public static void Write(Utf8JsonWriter writer, byte value) => writer.WriteNumberValue(value);
    }

    internal readonly struct Int16 : ITensorElement<short>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out short value)
        {
            value = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetInt16(out value);
        }

        public static void Write(Utf8JsonWriter writer, short value) => writer.WriteNumberValue(value);
    }

    internal readonly struct UInt16 : ITensorElement<ushort>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out ushort value)
        {
            value = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetUInt16(out value);
        }

        public static void Write(Utf8JsonWriter writer, ushort value) => writer.WriteNumberValue(value);
    }

    internal readonly struct Int32 : ITensorElement<int>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out int value)
        {
            value = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out value);
        }

        public static void Write(Utf8JsonWriter writer, int value) => writer.WriteNumberValue(value);
    }

    internal readonly struct UInt32 : ITensorElement<uint>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out uint value)
        {
            value = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetUInt32(out value);
        }

        public static void Write(Utf8JsonWriter writer, uint value) => writer.WriteNumberValue(value);
    }

    internal readonly struct Int64 : ITensorElement<long>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out long value)
        {
            value = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value);
        }

        public static void Write(Utf8JsonWriter writer, long value) => writer.WriteNumberValue(value);
    }

    internal readonly struct UInt64 : ITensorElement<ulong>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out ulong value)
        {
            value = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out value);
        }

        public static void Write(Utf8JsonWriter writer, ulong value) => writer.WriteNumberValue(value);
    }

    internal readonly struct Bool : ITensorElement<bool>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out bool value)
        {
            value = reader.TokenType == JsonTokenType.True;
            return value || reader.TokenType == JsonTokenType.False;
        }

        public static void Write(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);
    }

    internal readonly struct Text : ITensorElement<string>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out string value)
        {
            value = "";
            if (reader.TokenType != JsonTokenType.String)
                return false;
            try
            {
                value = reader.GetString()!;
                return true;
            }
            catch (InvalidOperationException)
            {
                // Reading the string failed because the text is not valid UTF-8, or because an escape is half of a surrogate pair.
                return false;
            }
        }

        public static void Write(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);
    }
}
