using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Dimensions;

/// <summary>The dimensions of inputs and outputs that the step <c>fix-dimensions</c> gives a size.</summary>
internal sealed class FixedDimensions(FixDimensionsOptions options) : IContractChange
{
    public void ChangeContract(OnnxModel model)
    {
        var open = new DimensionSizes(model.Proto.Graph);
        foreach (
            var (name, size) in options.Dimensions?.All
                ?? throw DimensionSizes.Error($"'fix-dimensions' needs names and sizes, such as fix-dimensions(batch=1). {open.Describe()}")
        )
            open.Fix(name, size);
    }
}
