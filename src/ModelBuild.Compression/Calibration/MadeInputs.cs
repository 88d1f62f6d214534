using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Inputs made from the declared types and shapes with a fixed seed, for verification where there is no real data. They are never used to calibrate.
/// Floats are normally distributed, or as a calibration file says that the real ones are; whole numbers stay inside the tables that they index (<see cref="IndexBounds"/>); open dimensions get one size.
/// </summary>
internal sealed class MadeInputs(OnnxModel model, ModelSignature signature, OpenDimensions open, StoredCalibration? calibration = null) : ISampleSource
{
    /// <summary>The seed of the first sample; the second uses the next number.</summary>
    public const int Seed = 20240229;

    // Sound in −1…1, pixels in 0…1 or normalized: louder noise drives gates into saturation, where no error shows.
    private const double Deviation = 0.25;

    // A shape is only a claim: 256 MB of floats are more than any model is verified with.
    private const long MaxElements = 1 << 26;

    /// <summary>How many samples are made.</summary>
    public const int Count = 4;

    private readonly IReadOnlyDictionary<string, long> _bounds = IndexBounds.Find(model);
    private readonly IReadOnlyDictionary<string, long> _modes = IndexBounds.FindModes(model);
    private readonly Dictionary<string, SeenValues> _seen = signature.Inputs
        .Select(input => (input.Name, Statistics: calibration?.Input(input.Name)))
        .Where(input => input.Statistics is not null)
        .ToDictionary(input => input.Name, input => new SeenValues(input.Statistics!), StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string> _texts = IndexBounds.FindTexts(model);

    public string Kind => "made";

    public IEnumerable<Sample> Read(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = new Random(Seed + i);
            yield return new Sample(Given.ToDictionary(input => input.Name, input => Make(input, random), StringComparer.Ordinal), Labels: null);
        }
    }

    // An optional tensor is given as the tensor inside.
    private IEnumerable<ValueSignature> Given => signature.Inputs.Select(input => input.Kind == ValueKind.Optional
        ? SignatureReader.ReadOptional(model.Proto.Graph.Input.First(info => info.Name == input.Name)) ?? input
        : input);

    private SampleArray Make(ValueSignature input, Random random)
    {
        var shape = open.Shape(input);
        if (shape.Aggregate(1.0, (product, size) => product * size) > MaxElements)
            throw new NotSupportedException($"an input of shape [{string.Join(',', shape)}] is too large to be made");
        var count = (int)SampleArray.Count(shape);
        return input.Type switch
        {
            "float32" => Numbers(DataType.Float, shape, count, () => _seen.TryGetValue(input.Name, out var seen) ? seen.Next(random) : (float)Normal(random)),
            "float64" => Numbers(DataType.Double, shape, count, () => Normal(random)),
            "float16" => Numbers(DataType.Float16, shape, count, () => (Half)Normal(random)),
            "bfloat16" => Numbers(DataType.Bfloat16, shape, count, () => (ushort)(BitConverter.SingleToUInt32Bits((float)Normal(random)) >> 16)),
            "int64" => Numbers(DataType.Int64, shape, count, () => Whole(input, random)),
            "int32" => Numbers(DataType.Int32, shape, count, () => (int)Whole(input, random)),
            "int16" => Numbers(DataType.Int16, shape, count, () => (short)Whole(input, random)),
            "int8" => Numbers(DataType.Int8, shape, count, () => (sbyte)random.Next(-128, 128)),
            "uint8" => Numbers(DataType.Uint8, shape, count, () => (byte)random.Next(256)),
            "uint16" => Numbers(DataType.Uint16, shape, count, () => (ushort)Whole(input, random)),
            "uint32" => Numbers(DataType.Uint32, shape, count, () => (uint)Whole(input, random)),
            "uint64" => Numbers(DataType.Uint64, shape, count, () => (ulong)Whole(input, random)),
            "bool" => Numbers(DataType.Bool, shape, count, () => (byte)random.Next(2)),
            "string" => new SampleArray(DataType.String, shape, [], [.. Enumerable.Repeat(_texts.GetValueOrDefault(input.Name, "a"), count)]),
            _ => throw new NotSupportedException($"inputs of type {input.Type} cannot be made"),
        };
    }

    // Without a table behind it a whole number is a flag or a mask: 0 or 1 is in range for both.
    private long Whole(ValueSignature input, Random random) =>
        _modes.TryGetValue(input.Name, out var mode) ? mode : random.NextInt64(_bounds.GetValueOrDefault(input.Name, 2));

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
        return sum * Deviation;
    }
}
