using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Weights;

/// <summary>A float32 constant of the model, whose zeros stay zeros.</summary>
/// <param name="input">The constant.</param>
internal sealed class PlainValue(Parameter input) : TrainedValue
{
    private readonly KeptZeros _zeros = KeptZeros.Of(input);

    public override Parameter Input => input;

    public override Parameter Free => input;

    // The momentum of an optimizer may change zeros.
    public override void Compute() => _zeros.Clear(input.Values);

    public override void Collect() => _zeros.Clear(input.Gradient);

    public override IEnumerable<TensorProto> Constants() => [Tensors.Create(input.Name, input.Shape, input.Values.ToArray())];
}
