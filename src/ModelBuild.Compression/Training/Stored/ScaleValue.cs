using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>
/// Positive scales of codes, which are trained relative to their first values s₀: s = s₀·t. A step of the optimizer therefore changes small and large scales by
/// the same share (LSQ: Esser et al., "Learned step size quantization", 2020, normalizes the gradient for this purpose).
/// </summary>
internal sealed class ScaleValue : TrainedValue
{
    // The smallest share of its first value that a scale can have in training.
    private const float Least = 0.05f;

    private readonly float[] _first;
    private readonly string[] _names;
    private readonly DataType _type;

    /// <param name="names">The constants of the model that hold the scales.</param>
    /// <param name="type">Their element type: float32 or float16.</param>
    /// <param name="input">The scales as an input of the training graph.</param>
    public ScaleValue(string[] names, DataType type, Parameter input)
    {
        (_names, _type, _first, Input) = (names, type, [.. input.Values], input);
        Free = new Parameter(input.Name, [_first.Length], Array.ConvertAll(_first, _ => 1f));
    }

    public override Parameter Input { get; }

    public override Parameter Free { get; }

    public override void Compute()
    {
        for (var i = 0; i < _first.Length; i++)
        {
            Free.Values[i] = Math.Max(Least, Free.Values[i]);
            var scale = _first[i] * Free.Values[i];
            Input.Values[i] = _type == DataType.Float16 ? (float)(Half)scale : scale;
        }
    }

    public override void Collect()
    {
        for (var i = 0; i < _first.Length; i++)
            Free.Gradient[i] = Input.Gradient[i] * _first[i];
    }

    public override IEnumerable<TensorProto> Constants() =>
        _names.Select(name =>
            _type == DataType.Float16
                ? Tensors.Create(name, Input.Shape, Array.ConvertAll(Input.Values, value => (Half)value))
                : Tensors.Create(name, Input.Shape, Input.Values.ToArray())
        );
}
