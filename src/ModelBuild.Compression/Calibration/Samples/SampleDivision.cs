using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration.Samples;

/// <summary>
/// Divides calls into those that steps fit to and those that are held out. The position of a call decides, so that every run divides alike. Of four or more
/// calls, every fourth is held out. Of two or three calls with enough rows, the last is held out.
/// </summary>
/// <param name="Calls">The number of calls.</param>
/// <param name="Rows">The total number of rows.</param>
internal sealed record SampleDivision(int Calls, long Rows)
{
    /// <summary>The distance between held-out calls: of four calls, one is held out.</summary>
    public const int Stride = 4;

    /// <summary>The least number of rows at which results are evaluated on the held-out calls alone.</summary>
    public const int MinRowsToHoldOut = 16;

    /// <summary>Whether there are enough rows to evaluate a result only on calls that nothing was fitted to.</summary>
    public bool IsEvaluatedApart => Calls >= 2 && Rows >= MinRowsToHoldOut;

    /// <summary>Whether some calls are held out when steps fit.</summary>
    public bool IsDivided => Calls >= Stride || IsEvaluatedApart;

    /// <summary>Returns whether a call is held out.</summary>
    /// <param name="call">The position of the call.</param>
    public bool IsHeldOut(int call) => IsDivided && (Calls >= Stride ? call % Stride == Stride - 1 : call == Calls - 1);

    /// <summary>Counts the calls and rows of a source, until further ones cannot change the division.</summary>
    public static SampleDivision Of(ISampleSource samples, CancellationToken cancellationToken)
    {
        var (calls, rows) = (0, 0L);
        foreach (var sample in samples.Read(cancellationToken))
        {
            calls++;
            rows += sample.Rows;
            if (calls >= Stride && rows >= MinRowsToHoldOut)
                break;
        }

        return new SampleDivision(calls, rows);
    }
}
