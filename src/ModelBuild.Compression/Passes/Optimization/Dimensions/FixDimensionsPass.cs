using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Dimensions;

/// <summary>
/// The step <c>fix-dimensions</c>: gives dynamic dimensions of the inputs a size. A symbol stands for every dimension that has it, in inputs, outputs and
/// other declared values; axes of an input are counted from 0. <c>optimize</c> runs afterwards, because values that were computed from these sizes
/// are now constant.
/// </summary>
internal sealed class FixDimensionsPass(FixDimensionsOptions options) : IPass, IContractChange
{
    public void Run(PassContext context)
    {
        ChangeContract(context.Model);
        context.Report.Changed("dimensions fixed", options.Dimensions!.All.Count);
        new OptimizePass().Run(context);
    }

    public void ChangeContract(OnnxModel model)
    {
        var open = new OpenSizes(model.Proto.Graph);
        foreach (
            var (name, size) in options.Dimensions?.All
                ?? throw OpenSizes.Error($"'fix-dimensions' needs names and sizes, such as fix-dimensions(batch=1). {open.Describe()}")
        )
            open.Fix(name, size);
    }
}
