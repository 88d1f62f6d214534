using System.Globalization;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Search;

/// <summary>Reports the trials of one choice: which one begins, and what it gets.</summary>
/// <param name="log">Where the lines go.</param>
/// <param name="work">What a trial is, and what it takes.</param>
/// <param name="count">How many there are.</param>
internal sealed class TrialLines(WorkLog log, TrialWork work, int count)
{
    private readonly WorkAccount _account = new(work.Total, work.IsEstimate);
    private int _trial;

    private string Name => $"{work.Kind} {_trial} of {count}";

    /// <summary>The next trial begins.</summary>
    public void Begin(string steps)
    {
        _trial++;
        log.EnterTrial(Name);
        log.Say($"{Name}: '{ShortRecipe.Of(steps)}'");
    }

    /// <summary>The present trial was judged.</summary>
    public void Got(double sqnrDb)
    {
        log.Measured(sqnrDb);
        log.Say(string.Create(CultureInfo.InvariantCulture, $"{Name} gets {sqnrDb:0.0} dB; {_account.Add(work.Each)}"));
    }

    /// <summary>The present trial gave nothing that could be judged.</summary>
    public void Dropped(string why) => log.Say($"{Name} is dropped: {why}; {_account.Add(work.Each)}");
}
