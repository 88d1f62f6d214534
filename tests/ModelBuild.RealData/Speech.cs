using System.Runtime.InteropServices;
using ModelBuild.Testing;

namespace ModelBuild.RealData;

/// <summary>
/// The minute of speech in the corpus, as the voice detector reads it: 512 samples at 16 kHz after the last 64 samples of the previous chunk.
/// </summary>
public static class Speech
{
    private const int Header = 44;
    private const int Chunk = 512;
    private const int Context = 64;

    /// <summary>The chunks in their order.</summary>
    public static IEnumerable<float[]> Chunks()
    {
        var file = File.ReadAllBytes(Path.Combine(Corpus.Root, "data", "speech", "silero_test.wav"));
        var samples = MemoryMarshal.Cast<byte, short>(file.AsSpan(Header)).ToArray();
        for (var start = 0; start + Chunk <= samples.Length; start += Chunk)
            yield return [.. Enumerable.Range(start - Context, Context + Chunk).Select(i => i < 0 ? 0 : samples[i] / 32768f)];
    }
}
