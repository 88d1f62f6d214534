using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Synthetic inputs from the declared types and shapes, with a fixed seed. They serve verification when there are no calibration samples, and never
/// calibration. Floats follow the distribution in the calibration file if there is one. Otherwise they form images or sound if the description of the
/// model says so, images if the shape is that of images (<see cref="PixelRange"/>), and are normally distributed if not. Integers stay inside the tables
/// that they index (<see cref="IndexBounds"/>). Masks hold ones and then zeros, token ids lie between the special tokens of the
/// tokenizer if it is known, and tokens after the end of a mask are padding. All dynamic dimensions except
/// batches get one size.
/// </summary>
internal sealed class SyntheticInputs(
    OnnxModel model,
    ModelSignature signature,
    DynamicDimensions open,
    StoredCalibration? calibration = null,
    DescribedInputs? described = null
) : ISampleSource
{
    /// <summary>The seed of the random numbers of the first synthetic sample. Each further sample uses the next number.</summary>
    public const int Seed = 20240229;

    // The standard deviation of float inputs that are neither images nor sound. Audio lies in −1…1, and pixels in 0…1 or normalized. Larger values saturate
    // gates, and saturated gates hide errors.
    private const double Deviation = 0.25;

    // The largest number of elements of a synthetic input, because a declared shape can be arbitrarily large. The limit of 256 MB of floats is more than any
    // supported model needs.
    private const long MaxElements = 1 << 26;

    /// <summary>The number of synthetic samples.</summary>
    public const int Count = 4;

    private readonly SyntheticTokens _tokens = new(signature, IndexBounds.Find(model), described?.Tokens);
    private readonly IReadOnlyDictionary<string, long> _modes = IndexBounds.FindModes(model);
    private readonly Dictionary<string, HistogramSampler> _seen = signature
        .Inputs.Select(input => (input.Name, Statistics: calibration?.Input(input.Name)))
        .Where(input => input.Statistics is not null)
        .ToDictionary(input => input.Name, input => new HistogramSampler(input.Statistics!), StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string> _texts = IndexBounds.FindTexts(model);

    private readonly string[] _names = [.. signature.Inputs.Select(input => input.Name)];
    private readonly string? _sound = described?.SoundInput(signature);

    public InputKind Kind => InputKind.Synthetic;

    public IEnumerable<Sample> Read(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = new SplitMix64((ulong)(Seed + i));
            var isLast = i == Count - 1;
            // The last sample is a batch of two rows, one of them only padding, so that verification covers a fused mask on a row without real positions.
            var sizes = isLast && _tokens.HasOpenBatch ? open with { Batch = 2 } : open;
            yield return new Sample(
                Given.ToDictionary(input => input.Name, input => Make(input, sizes.Shape(input), isLast, i, random), StringComparer.Ordinal),
                Labels: null
            );
        }
    }

    // The signatures of the arrays of a sample: one for each input of the model. The signature of an optional input is that of the tensor inside the input.
    private IEnumerable<ValueSignature> Given =>
        signature.Inputs.Select(input =>
            input.Kind == ValueKind.Optional ? SignatureReader.ReadOptional(model.Proto.Graph.Input.First(info => info.Name == input.Name)) ?? input : input
        );

    private SampleArray Make(ValueSignature input, long[] shape, bool isLast, int sample, SplitMix64 random)
    {
        if (shape.Aggregate(1.0, (product, size) => product * size) > MaxElements)
            throw new NotSupportedException($"an input of shape [{string.Join(',', shape)}] is too large for a synthetic input");
        var count = (int)SampleArray.Count(shape);
        // The numbers of real positions in the rows depend only on the sample number, so that all masks and tokens of a sample agree.
        var lengths = shape is [var rows, > 0 and var positions]
            ? _tokens.Lengths(rows, positions, isLast, new SplitMix64((ulong)(Seed + sample) << 32))
            : null;
        long? Fixed(int i) => lengths is null ? null : _tokens.At(input.Name, i % shape[1], lengths[i / shape[1]]);
        var next = Whole(input, random);
        long At(int i) => Fixed(i) ?? next();
        var content = _seen.ContainsKey(input.Name) ? null : Content(input, shape, random);
        double Float(int i) =>
            content?[i]
            ?? (_tokens.IsMask(input.Name) ? Fixed(i) : null)
            ?? (_seen.TryGetValue(input.Name, out var seen) ? seen.Next(random) : random.NextNormal() * Deviation);
        return input.Type switch
        {
            "float32" => Numbers(DataType.Float, shape, count, i => (float)Float(i)),
            "float64" => Numbers(DataType.Double, shape, count, Float),
            "float16" => Numbers(DataType.Float16, shape, count, i => (Half)Float(i)),
            "bfloat16" => Numbers(DataType.Bfloat16, shape, count, i => (ushort)(BitConverter.SingleToUInt32Bits((float)Float(i)) >> 16)),
            "int64" => Numbers(DataType.Int64, shape, count, At),
            "int32" => Numbers(DataType.Int32, shape, count, i => (int)At(i)),
            "int16" => Numbers(DataType.Int16, shape, count, i => (short)At(i)),
            "int8" => Numbers(DataType.Int8, shape, count, _ => (sbyte)(random.Below(256) - 128)),
            "uint8" => Numbers(DataType.Uint8, shape, count, i => (byte)Math.Clamp(content?[i] ?? random.Below(256), 0, 255)),
            "uint16" => Numbers(DataType.Uint16, shape, count, i => (ushort)At(i)),
            "uint32" => Numbers(DataType.Uint32, shape, count, i => (uint)At(i)),
            "uint64" => Numbers(DataType.Uint64, shape, count, i => (ulong)At(i)),
            "bool" => Numbers(DataType.Bool, shape, count, i => (byte)(Fixed(i) ?? random.Below(2))),
            "string" => new SampleArray(DataType.String, shape, [], [.. Enumerable.Repeat(_texts.GetValueOrDefault(input.Name, "a"), count)]),
            _ => throw new NotSupportedException($"there are no synthetic inputs of type {input.Type}"),
        };
    }

    private double[]? Content(ValueSignature input, long[] shape, SplitMix64 random) =>
        input.Name == _sound ? SyntheticSound.Values(shape, described!.Audio!, random)
        : PixelRange.Of(model, input, shape, described?.ImageOf(input.Name, _names)) is { } range ? SyntheticImage.Values(shape, range, random)
        : null;

    // Returns the function that chooses the integers of an input. An integer input that indexes no table is a flag or a mask: 0 and 1 are valid for both.
    private Func<long> Whole(ValueSignature input, SplitMix64 random) =>
        () => _modes.TryGetValue(input.Name, out var mode) ? mode : random.Below(_tokens.Bound(input.Name) ?? 2);

    private static SampleArray Numbers<T>(DataType type, long[] shape, int count, Func<int, T> next)
        where T : unmanaged
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
            values[i] = next(i);
        return new SampleArray(type, shape, MemoryMarshal.AsBytes<T>(values).ToArray());
    }
}
