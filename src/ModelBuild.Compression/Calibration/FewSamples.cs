using System.Globalization;
using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Calibration;

/// <summary>Checks whether there are enough calibration samples to fit to some and evaluate on the rest.</summary>
internal static class FewSamples
{
    /// <summary>Returns a warning when there are too few calibration samples to hold some out; null otherwise.</summary>
    /// <param name="samples">The number of samples.</param>
    public static Warning? Warn(long samples) =>
        samples is 0 or >= SampleDivision.MinRowsToHoldOut
            ? null
            : new Warning(
                Codes.FewSamples,
                $"The calibration data holds {samples.ToString(CultureInfo.InvariantCulture)} {(samples == 1 ? "sample" : "samples")}, "
                    + $"which is too few to hold some out. Results are evaluated on the samples that they are fitted to. "
                    + $"Give {SampleDivision.MinRowsToHoldOut} or more."
            );
}
