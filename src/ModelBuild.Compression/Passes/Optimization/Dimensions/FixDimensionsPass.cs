namespace ModelBuild.Compression.Passes.Optimization.Dimensions;

/// <summary>
/// The step <c>fix-dimensions</c>: gives dynamic dimensions of the inputs a size. A symbol stands for every dimension that has it, in inputs, outputs and
/// other declared values; axes of an input are counted from 0.
/// </summary>
internal sealed class FixDimensionsPass(FixDimensionsOptions options, IContractChange contract) : IPass
{
    public void Run(PassContext context)
    {
        contract.ChangeContract(context.Model);
        context.Report.Changed("dimensions fixed", options.Dimensions!.All.Count);
    }
}
