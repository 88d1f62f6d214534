using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Which calls steps fit to, and which are held out: by position alone, so that the parts are the same in each run. Of four calls and more, every
/// fourth is held out; of two or
/// three with enough rows, the last.
/// </summary>
/// <param name="Calls">How many calls there are.</param>
/// <param name="Rows">How many rows they have in all.</param>
internal sealed record SampleDivision(int Calls, long Rows)
{
    /// <summary>One call of how many is held out.</summary>
    public const int Stride = 4;

    /// <summary>From how many rows on a result is judged on the held-out calls alone.</summary>
    public const int JudgedApart = 16;

    /// <summary>Whether there are enough rows to judge a result on those alone that nothing was fitted to.</summary>
    public bool IsJudgedApart => Calls >= 2 && Rows >= JudgedApart;

    /// <summary>Whether some calls are held out while steps fit.</summary>
    public bool IsDivided => Calls >= Stride || IsJudgedApart;

    /// <summary>Whether a call is held out.</summary>
    /// <param name="call">Its position.</param>
    public bool IsHeldOut(int call) => IsDivided && (Calls >= Stride ? call % Stride == Stride - 1 : call == Calls - 1);

    /// <summary>Counts the calls and rows of a source until no more of them change the division.</summary>
    public static SampleDivision Of(ISampleSource samples, CancellationToken cancellationToken)
    {
        var (calls, rows) = (0, 0L);
        foreach (var sample in samples.Read(cancellationToken))
        {
            calls++;
            rows += sample.Rows;
            if (calls >= Stride && rows >= JudgedApart)
                break;
        }

        return new SampleDivision(calls, rows);
    }
}
