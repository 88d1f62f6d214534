namespace ModelBuild.Audio;

/// <summary>
/// Lists the values of the logarithmic bytes of telephony, by ITU-T G.711. In A-law and µ-law a byte has a sign, three bits of a segment and four bits of a
/// step.
/// </summary>
internal static class LogarithmicSamples
{
    /// <summary>Gets the samples, −1 to 1, that the 256 bytes of the A-law stand for.</summary>
    public static float[] ALaw { get; } = [.. Enumerable.Range(0, 256).Select(code => FromALaw(code) / 32_768f)];

    /// <summary>Gets the samples, −1 to 1, that the 256 bytes of the µ-law stand for.</summary>
    public static float[] MuLaw { get; } = [.. Enumerable.Range(0, 256).Select(code => FromMuLaw(code) / 32_768f)];

    // Returns the 16-bit value of an A-law byte, in which every other bit is inverted.
    private static int FromALaw(int code)
    {
        var bits = code ^ 0x55;
        var (segment, step) = ((bits >> 4) & 7, bits & 15);
        var size = segment == 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (segment - 1);
        return (bits & 0x80) != 0 ? size : -size;
    }

    // Returns the value of a µ-law byte, in which all bits are inverted. The number 132 is the offset of the first segment.
    private static int FromMuLaw(int code)
    {
        const int Offset = 132;
        var bits = ~code & 0xFF;
        var (segment, step) = ((bits >> 4) & 7, bits & 15);
        var size = (((step << 3) + Offset) << segment) - Offset;
        return (bits & 0x80) != 0 ? -size : size;
    }
}
