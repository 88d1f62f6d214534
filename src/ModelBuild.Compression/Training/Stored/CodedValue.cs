using System.Numerics.Tensors;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>
/// Integer codes of weights: c = clip(round(w/unit), least, largest). Training changes w, and the gradient passes through the rounding (the straight-through
/// estimator: Bengio, Léonard and Courville, "Estimating or propagating gradients through stochastic neurons", 2013). Outside of the range, only gradients that
/// lead back into it pass. The range is that of the codes before training.
/// </summary>
internal sealed class CodedValue : TrainedValue
{
    private readonly CodeFormat _format;
    private readonly float _unit;
    private readonly float _least;
    private readonly float _largest;
    private readonly KeptZeros _zeros;

    /// <param name="format">The form in which the codes are stored.</param>
    /// <param name="input">The codes as an input of the training graph.</param>
    /// <param name="unit">The mean distance between the weights of neighbouring codes.</param>
    /// <param name="zeros">The codes that stay zero.</param>
    public CodedValue(CodeFormat format, Parameter input, float unit, KeptZeros zeros)
    {
        (_format, _unit, _zeros, Input) = (format, unit, zeros, input);
        (_least, _largest) = (TensorPrimitives.Min<float>(input.Values), TensorPrimitives.Max<float>(input.Values));
        Free = new Parameter(input.Name, input.Shape, input.Values);
        TensorPrimitives.Multiply(Free.Values, unit, Free.Values);
    }

    /// <summary>The mean distance between the weights of neighbouring codes.</summary>
    public float Unit => _unit;

    /// <summary>The least and the largest code before training, between which all codes stay.</summary>
    public (float Least, float Largest) Range => (_least, _largest);

    /// <summary>The codes that were zero before training and stay zero.</summary>
    public KeptZeros Zeros => _zeros;

    /// <summary>Returns the mean distance between the weights of neighbouring codes over all weights that have codes; 0 if there are none.</summary>
    public static double MeanUnit(IEnumerable<TrainedValue> values)
    {
        var (sum, count) = (0.0, 0L);
        foreach (var value in values.OfType<CodedValue>())
            (sum, count) = (sum + (double)value._unit * value.Free.Values.Length, count + value.Free.Values.Length);
        return count == 0 ? 0 : sum / count;
    }

    public override Parameter Input { get; }

    public override Parameter Free { get; }

    public override void Compute()
    {
        TensorPrimitives.Divide(Free.Values, _unit, Input.Values);
        TensorPrimitives.Round(Input.Values, Input.Values);
        TensorPrimitives.Clamp(Input.Values, _least, _largest, Input.Values);
        _zeros.Clear(Input.Values);
    }

    public override void Collect()
    {
        var (values, gradient, free) = (Free.Values, Input.Gradient, Free.Gradient);
        var (low, high) = (_least * _unit, _largest * _unit);
        for (var i = 0; i < values.Length; i++)
            free[i] = (values[i] > high && gradient[i] < 0) || (values[i] < low && gradient[i] > 0) ? 0 : gradient[i] / _unit;
        _zeros.Clear(free);
    }

    public override IEnumerable<TensorProto> Constants() => [_format.Write(Input.Values)];
}
