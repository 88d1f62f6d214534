using System.Globalization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Calibration;

/// <summary>Tells whether calibration data is too little to fit to some of it and to judge on the rest.</summary>
public static class FewSamples
{
    /// <summary>A warning where it is; null where it is enough.</summary>
    /// <param name="samples">How many samples there are.</param>
    public static Warning? Warn(long samples) =>
        samples is 0 or >= SampleDivision.JudgedApart
            ? null
            : new Warning(
                Codes.FewSamples,
                $"The calibration data holds {samples.ToString(CultureInfo.InvariantCulture)} {(samples == 1 ? "sample" : "samples")}, too few to hold any out, "
                    + $"so that results are judged on what they are fitted to: give {SampleDivision.JudgedApart} or more."
            );
}
