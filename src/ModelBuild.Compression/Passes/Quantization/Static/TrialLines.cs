using System.Globalization;
using ModelBuild.Compression.Pipeline;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>Reports the trials of one choice: which one begins, and what it gets.</summary>
/// <param name="log">Where the lines go.</param>
/// <param name="kind">What a trial is, in words.</param>
/// <param name="count">How many there are.</param>
/// <param name="account">Counts their work.</param>
/// <param name="workOfEach">The multiply-adds that count for each of them.</param>
internal sealed class TrialLines(WorkLog log, string kind, int count, WorkAccount account, double workOfEach)
{
    private int _trial;

    private string Name => $"{kind} {_trial} of {count}";

    /// <summary>The next trial begins.</summary>
    public void Begin(string steps)
    {
        _trial++;
        log.Say($"{Name}: '{steps}'");
    }

    /// <summary>The present trial was judged.</summary>
    public void Got(double sqnrDb) => log.Say(string.Create(CultureInfo.InvariantCulture, $"{Name} gets {sqnrDb:0.0} dB; {account.Add(workOfEach)}"));

    /// <summary>The present trial gave nothing that could be judged.</summary>
    public void Dropped(string why) => log.Say($"{Name} is dropped: {why}; {account.Add(workOfEach)}");
}
