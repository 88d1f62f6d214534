using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>
/// A bias in int32, whose scale is the product of the scales of the layer's input and of its weights (ONNX QLinearConv). Training changes the bias in real
/// numbers, because its rounding is finer than that of the products by far.
/// </summary>
/// <param name="input">The bias as an input of the training graph.</param>
/// <param name="codes">The constant with the codes.</param>
/// <param name="scale">The constant with the scales.</param>
/// <param name="scaleShape">The shape of the scales.</param>
/// <param name="inputScale">The scale of the layer's input: one number.</param>
/// <param name="weightScale">The scales of its weights: one for each channel, or one.</param>
internal sealed class BiasValue(Parameter input, string codes, string scale, long[] scaleShape, float[] inputScale, float[] weightScale) : TrainedValue
{
    public override Parameter Input => input;

    public override Parameter Free => input;

    public override void Compute() { }

    public override void Collect() { }

    public override IEnumerable<TensorProto> Constants()
    {
        var rounded = BiasCodes.Round(input.Values, weightScale, inputScale[0]);
        return [Tensors.Create(codes, input.Shape, rounded.Codes), Tensors.Create(scale, scaleShape, rounded.Scales)];
    }
}
