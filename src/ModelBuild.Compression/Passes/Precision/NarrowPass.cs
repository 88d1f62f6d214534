using ModelBuild.Compression.Formats;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// The steps <c>float16</c> and <c>bfloat16</c>: the graph computes in 16 bits, which is the fastest format of accelerators. The pass converts every operator
/// that <see cref="NarrowOperators"/> lists; other nodes stay float32 with Casts at the borders (<see cref="PrecisionPlan"/>). Constants are rounded once (<see
/// cref="NarrowedConstants"/>). With calibration data, nodes whose values exceed float16's range stay float32. The formats are described by Micikevicius et al.
/// 2017 (arXiv 1710.03740) for float16 and Kalamkar et al. 2019 (arXiv 1905.12322) for bfloat16.
/// </summary>
internal sealed class NarrowPass(NarrowFloat format, bool io, string exclude, IContractChange contract) : IPass
{
    public void Run(PassContext context)
    {
        if (PrecisionConversion.Prepare(context, format))
            PrecisionConversion.Convert(
                context.Model,
                new ConversionSettings(format, io, exclude) { Overflowing = PrecisionConversion.Overflowing(context, format) },
                context.Report
            );
        else
            contract.Adapt(context.Model);
    }
}
