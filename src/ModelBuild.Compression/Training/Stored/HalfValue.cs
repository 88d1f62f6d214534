using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>Weights that are stored in float16. Training changes float32 numbers, and the model computes with their float16 values.</summary>
internal sealed class HalfValue : TrainedValue
{
    private readonly string _name;
    private readonly KeptZeros _zeros;

    /// <param name="name">The constant of the model.</param>
    /// <param name="input">The weights as an input of the training graph.</param>
    public HalfValue(string name, Parameter input)
    {
        (_name, Input, _zeros) = (name, input, KeptZeros.Of(input));
        Free = new Parameter(input.Name, input.Shape, input.Values);
    }

    public override Parameter Input { get; }

    public override Parameter Free { get; }

    public override void Compute()
    {
        for (var i = 0; i < Free.Values.Length; i++)
            Input.Values[i] = (float)(Half)Free.Values[i];
        _zeros.Clear(Input.Values);
    }

    public override void Collect()
    {
        Input.Gradient.CopyTo(Free.Gradient, 0);
        _zeros.Clear(Free.Gradient);
    }

    public override IEnumerable<TensorProto> Constants() => [Tensors.Create(_name, Input.Shape, Array.ConvertAll(Input.Values, value => (Half)value))];
}
