using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>
/// A quantization of synthetic values, a fourth of which are beyond the range, and the formulas of learned step sizes (LSQ) for it in float64.
/// </summary>
internal sealed class ScaleCase
{
    private static readonly Dictionary<string, (long[] Shape, long Axis, long Block)> Layouts = new(StringComparer.Ordinal)
    {
        ["scalar"] = ([3, 5, 7], 1, 0),
        ["one element"] = ([3, 5], 1, 0),
        ["first axis"] = ([3, 5, 7], 0, 0),
        ["middle axis"] = ([3, 5, 7], 1, 0),
        ["last axis"] = ([3, 5, 7], -1, 0),
        ["only axis"] = ([9], 0, 0),
        ["blocks of the first axis"] = ([6, 5], 0, 3),
        ["blocks of the last axis"] = ([3, 8], -1, 4),
    };

    private readonly (int Low, int High) _range;
    private readonly int[]? _zeros;
    private readonly string _name;

    public ScaleCase(string name, (int Low, int High) range, bool hasZero)
    {
        (_name, _range) = (name, range);
        (Shape, Axis, Block) = Layouts[name];
        Count = Shape.Aggregate(1L, (a, b) => a * b);
        var axis = (int)(Axis < 0 ? Axis + Shape.Length : Axis);
        ScaleShape = name switch
        {
            "scalar" => [],
            "one element" => [1],
            _ when Block > 0 => [.. Shape.Select((size, i) => i == axis ? size / Block : size)],
            _ => [Shape[axis]],
        };
        var count = ScaleShape.Aggregate(1L, (a, b) => a * b);
        Scales = [.. Enumerable.Range(0, (int)count).Select(i => 0.01f * (i + 3) / (range.High - range.Low))];
        _zeros = hasZero ? [.. Enumerable.Range(0, (int)count).Select(i => range.Low + (range.High - range.Low) / 3 + i % 3)] : null;
        var noise = Noise.Floats(Count, seed: 5);
        Values = [.. noise.Select((value, i) => (float)((_range.High - _range.Low) * 0.7 * Scales[Scale(i)] * value))];
    }

    public static IEnumerable<string> Names => Layouts.Keys;

    public long[] Shape { get; }

    public long[] ScaleShape { get; }

    public long Count { get; }

    public float[] Values { get; }

    public float[] Scales { get; }

    public (string Name, object Value)[] Attributes =>
        Block > 0 ? [("axis", Axis), ("block_size", Block)]
        : ScaleShape.Length == 0 ? []
        : [("axis", Axis)];

    private long Axis { get; }

    private long Block { get; }

    /// <summary>Declares the scales as an input and the zero points as a constant.</summary>
    public Net Declare(Net net, DataType type)
    {
        net.Input("s", ScaleShape);
        // ONNX Runtime casts the numbers to the type of the integers.
        if (_zeros is not null)
            net.Constant("numbers", ScaleShape, _zeros).Node("Cast", "numbers", "z", ("to", (long)type));
        return net;
    }

    public string Inputs(string value) => _zeros is null ? $"{value} s" : $"{value} s z";

    /// <summary>Returns the gradients of values and scales, given the gradient of the dequantized values.</summary>
    public (double[] Values, double[] Scales) Learned(double[] gradient)
    {
        var (values, scales) = (new double[Count], new double[Scales.Length]);
        for (var i = 0; i < Count; i++)
        {
            var (index, steps, integer) = (Scale(i), Values[i] / (double)Scales[Scale(i)], Integer(i));
            var isInside = steps >= _range.Low - Zero(index) && steps <= _range.High - Zero(index);
            values[i] = isInside ? gradient[i] : 0;
            scales[index] += gradient[i] * (integer - (isInside ? steps : 0));
        }

        return (values, scales);
    }

    /// <summary>Returns the gradients of scales, given the gradient of the dequantized values, if the integers do not change.</summary>
    public double[] ConstantLearned(double[] gradient)
    {
        var scales = new double[Scales.Length];
        for (var i = 0; i < Count; i++)
            scales[Scale(i)] += gradient[i] * Integer(i);
        return scales;
    }

    private double Integer(int i) => Math.Clamp(Math.Round(Values[i] / (double)Scales[Scale(i)]) + Zero(Scale(i)), _range.Low, _range.High) - Zero(Scale(i));

    private int Zero(int index) => _zeros?[index] ?? 0;

    private int Scale(int element)
    {
        if (_name is "scalar" or "one element")
            return 0;
        var axis = (int)(Axis < 0 ? Axis + Shape.Length : Axis);
        var inner = (int)Shape[(axis + 1)..].Aggregate(1L, (a, b) => a * b);
        var place = element / inner % (int)Shape[axis];
        return Block == 0 ? place : (element / inner / (int)Shape[axis] * (int)(Shape[axis] / Block) + place / (int)Block) * inner + element % inner;
    }
}
