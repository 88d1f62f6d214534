using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Weights;

/// <summary>A trained value that the model stores as a float32 constant.</summary>
/// <param name="input">The constant.</param>
/// <param name="zeros">The elements that stay zero.</param>
internal sealed class PlainValue(Parameter input, KeptZeros zeros) : TrainedValue
{
    public override Parameter Input => input;

    public override Parameter Free => input;

    // Weights that were zero are set to zero again after each step, because the momentum of the optimizer may change them.
    public override void Compute() => zeros.Clear(input.Values);

    public override void Collect() => zeros.Clear(input.Gradient);

    public override IEnumerable<TensorProto> Constants() => [Tensors.Create(input.Name, input.Shape, input.Values.ToArray())];
}
