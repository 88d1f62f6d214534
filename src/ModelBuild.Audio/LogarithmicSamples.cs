namespace ModelBuild.Audio;

/// <summary>The values of the logarithmic bytes of telephony, by ITU-T G.711. Both laws have a sign, three bits of a segment and four bits of a step.</summary>
internal static class LogarithmicSamples
{
    /// <summary>Gets the values of the 256 bytes of the A-law.</summary>
    public static float[] ALaw { get; } = [.. Enumerable.Range(0, 256).Select(code => FromALaw(code) / 32_768f)];

    /// <summary>Gets the values of the 256 bytes of the µ-law.</summary>
    public static float[] MuLaw { get; } = [.. Enumerable.Range(0, 256).Select(code => FromMuLaw(code) / 32_768f)];

    // The A-law format inverts every other bit of a byte.
    private static int FromALaw(int code)
    {
        var bits = code ^ 0x55;
        var (segment, step) = ((bits >> 4) & 7, bits & 15);
        var size = segment == 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (segment - 1);
        return (bits & 0x80) != 0 ? size : -size;
    }

    // All bits of a byte are inverted, and 132 is the offset of the first segment.
    private static int FromMuLaw(int code)
    {
        const int Offset = 132;
        var bits = ~code & 0xFF;
        var (segment, step) = ((bits >> 4) & 7, bits & 15);
        var size = (((step << 3) + Offset) << segment) - Offset;
        return (bits & 0x80) != 0 ? -size : size;
    }
}
