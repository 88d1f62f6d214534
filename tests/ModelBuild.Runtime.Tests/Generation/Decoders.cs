using ModelBuild.Runtime.Tests.Models;

namespace ModelBuild.Runtime.Tests.Generation;

/// <summary>The layouts of decoders that the tests of generation use.</summary>
internal static class Decoders
{
    public static readonly string[] Layouts = ["plain", "positions", "stacked", "merged", "encoded"];

    public static readonly ModelOptions OneThread = new() { Threads = 1, Spinning = false };

    /// <summary>The result of an encoder: 5 tokens of 16 values.</summary>
    public static float[] Encoded { get; } = Noise.Floats(5 * 16, seed: 9);

    /// <summary>Loads a model and returns it with a function that opens its streams.</summary>
    public static (IModel Model, Func<int, GenerationStream> Open) Load(string layout)
    {
        switch (layout)
        {
            case "plain":
                var plain = DecoderModel.Load(new TinyDecoder().ToBytes(), OneThread);
                return (plain, plain.OpenGeneration);
            case "positions":
                var positions = PositionDecoderModel.Load(new TinyDecoder { HasPositions = true }.ToBytes(), OneThread);
                return (positions, positions.OpenGeneration);
            case "stacked":
                var stacked = StackedDecoderModel.Load(new TinyDecoder { HasPositions = true, IsStacked = true }.ToBytes(), OneThread);
                return (stacked, stacked.OpenGeneration);
            case "merged":
                var merged = MergedDecoderModel.Load(new TinyDecoder { HasPositions = true, IsMerged = true }.ToBytes(), OneThread);
                return (merged, merged.OpenGeneration);
            default:
                var encoded = EncodedDecoderModel.Load(new TinyDecoder { IsMerged = true, HasEncoder = true }.ToBytes(), OneThread);
                return (encoded, length => encoded.OpenGeneration(Encoded, length));
        }
    }
}
