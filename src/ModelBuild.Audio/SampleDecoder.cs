using System.Buffers.Binary;

namespace ModelBuild.Audio;

/// <summary>Converts the bytes of samples to floats.</summary>
internal static class SampleDecoder
{
    private const float HalfByte = 128;
    private const float Half16 = 32_768;
    private const float Half24 = 8_388_608;
    private const float Half32 = 2_147_483_648;

    /// <summary>Converts the bytes of samples to floats from −1 to 1.</summary>
    /// <param name="kind">The number format of the samples.</param>
    /// <param name="width">The number of bytes of a sample.</param>
    /// <param name="bytes">The bytes of as many samples as <paramref name="samples"/> has room for.</param>
    /// <param name="samples">The samples, −1 to 1.</param>
    public static void Decode(SampleKind kind, int width, ReadOnlySpan<byte> bytes, Span<float> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var sample = bytes.Slice(i * width, width);
            samples[i] = (kind, width) switch
            {
                (SampleKind.ALaw, _) => LogarithmicSamples.ALaw[sample[0]],
                (SampleKind.MuLaw, _) => LogarithmicSamples.MuLaw[sample[0]],
                (SampleKind.Float, 4) => BinaryPrimitives.ReadSingleLittleEndian(sample),
                (SampleKind.Float, _) => (float)BinaryPrimitives.ReadDoubleLittleEndian(sample),
                (_, 1) => (sample[0] - HalfByte) / HalfByte,
                (_, 2) => BinaryPrimitives.ReadInt16LittleEndian(sample) / Half16,
                (_, 3) => ((sample[0] | (sample[1] << 8) | ((sbyte)sample[2] << 16)) / Half24),
                _ => BinaryPrimitives.ReadInt32LittleEndian(sample) / Half32,
            };
        }
    }
}
