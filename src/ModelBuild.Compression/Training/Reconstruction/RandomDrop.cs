using System.Runtime.InteropServices;
using ModelBuild.Compression.Randomness;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>Chooses at random, with the probability ½ for each number, between the number of the quantized model and that of the float model.</summary>
/// <param name="seed">The seed of the choices.</param>
internal sealed class RandomDrop(ulong seed)
{
    private readonly SplitMix64 _random = new(seed);

    /// <summary>Fills a mask with 0 and 1 at random.</summary>
    public void Fill(Span<byte> mask)
    {
        var bits = 0UL;
        for (var i = 0; i < mask.Length; i++)
        {
            bits = i % 64 == 0 ? _random.Next() : bits >> 1;
            mask[i] = (byte)(bits & 1);
        }
    }

    /// <summary>Writes one of two numbers at each position, chosen at random.</summary>
    public void Mix(ReadOnlySpan<float> one, ReadOnlySpan<float> other, Span<byte> target)
    {
        var numbers = MemoryMarshal.Cast<byte, float>(target);
        var bits = 0UL;
        for (var i = 0; i < numbers.Length; i++)
        {
            bits = i % 64 == 0 ? _random.Next() : bits >> 1;
            numbers[i] = (bits & 1) == 0 ? one[i] : other[i];
        }
    }
}
