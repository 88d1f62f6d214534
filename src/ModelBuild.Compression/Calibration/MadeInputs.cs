using System.Runtime.InteropServices;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Inputs made from the declared types and shapes with a fixed seed, for verification where there is no real data. They are never used to calibrate.
/// Floats are normally distributed; whole numbers stay inside the tables that they index (<see cref="IndexBounds"/>); open dimensions get one size.
/// </summary>
internal sealed class MadeInputs(OnnxModel model, ModelSignature signature, int openSize) : ISampleSource
{
    /// <summary>The seed of the first sample; the second uses the next number.</summary>
    public const int Seed = 20240229;

    /// <summary>How many samples are made.</summary>
    public const int Count = 4;

    /// <summary>
    /// Sizes to try for open dimensions, in this order, until the model runs: image sides that strided networks divide, then lengths that
    /// sequence models take.
    /// </summary>
    public static IReadOnlyList<int> OpenSizes { get; } = [64, 224, 320, 576, 512, 16, 8, 1];

    private readonly IReadOnlyDictionary<string, long> _bounds = IndexBounds.Find(model);
    private readonly IReadOnlyDictionary<string, string> _texts = IndexBounds.FindTexts(model);

    public string Kind => "made";

    public IEnumerable<Sample> Read(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = new Random(Seed + i);
            yield return new Sample(signature.Inputs.ToDictionary(input => input.Name, input => Make(input, random), StringComparer.Ordinal), Labels: null);
        }
    }

    /// <summary>The shape that an input gets: the first axis of an open shape is a batch of one.</summary>
    public static long[] Shape(ValueSignature input, int openSize) =>
        [.. (input.Shape ?? []).Select((dimension, axis) => dimension.Size ?? (axis == 0 || IsBatch(dimension.Name) ? 1 : openSize))];

    private static bool IsBatch(string? symbol) =>
        symbol is not null && (symbol.Contains("batch", StringComparison.OrdinalIgnoreCase) || symbol.Equals("n", StringComparison.OrdinalIgnoreCase));

    private SampleArray Make(ValueSignature input, Random random)
    {
        var shape = Shape(input, openSize);
        var count = checked((int)SampleArray.Count(shape));
        // An optional tensor is given: its element type is inside the parentheses.
        var type = input.Kind == ValueKind.Optional && input.Type.StartsWith("optional(tensor(", StringComparison.Ordinal)
            ? input.Type["optional(tensor(".Length..^2] is "float" ? "float32" : input.Type["optional(tensor(".Length..^2]
            : input.Type;
        return type switch
        {
            "float32" => Numbers(DataType.Float, shape, count, () => (float)Normal(random)),
            "float64" => Numbers(DataType.Double, shape, count, () => Normal(random)),
            "float16" => Numbers(DataType.Float16, shape, count, () => (Half)Normal(random)),
            "bfloat16" => Numbers(DataType.Bfloat16, shape, count, () => (ushort)(BitConverter.SingleToUInt32Bits((float)Normal(random)) >> 16)),
            "int64" => Numbers(DataType.Int64, shape, count, () => random.NextInt64(Bound(input))),
            "int32" => Numbers(DataType.Int32, shape, count, () => (int)random.NextInt64(Bound(input))),
            "int16" => Numbers(DataType.Int16, shape, count, () => (short)random.NextInt64(Bound(input))),
            "int8" => Numbers(DataType.Int8, shape, count, () => (sbyte)random.Next(-128, 128)),
            "uint8" => Numbers(DataType.Uint8, shape, count, () => (byte)random.Next(256)),
            "uint16" => Numbers(DataType.Uint16, shape, count, () => (ushort)random.NextInt64(Bound(input))),
            "uint32" => Numbers(DataType.Uint32, shape, count, () => (uint)random.NextInt64(Bound(input))),
            "uint64" => Numbers(DataType.Uint64, shape, count, () => (ulong)random.NextInt64(Bound(input))),
            "bool" => Numbers(DataType.Bool, shape, count, () => (byte)random.Next(2)),
            "string" => new SampleArray(DataType.String, shape, [], [.. Enumerable.Repeat(_texts.GetValueOrDefault(input.Name, "a"), count)]),
            _ => throw new NotSupportedException($"inputs of type {input.Type} cannot be made"),
        };
    }

    // Without a table behind it a whole number is a flag or a mask: 0 or 1 is in range for both.
    private long Bound(ValueSignature input) => _bounds.GetValueOrDefault(input.Name, 2);

    private static SampleArray Numbers<T>(DataType type, long[] shape, int count, Func<T> next)
        where T : unmanaged
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
            values[i] = next();
        return new SampleArray(type, shape, MemoryMarshal.AsBytes<T>(values).ToArray());
    }

    // Irwin-Hall: the sum of twelve uniform numbers minus six is close to normal, and exact on every processor (no logarithm, no cosine).
    private static double Normal(Random random)
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += random.NextDouble();
        return sum;
    }
}
