using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Tests.Search;

/// <summary>Tests that the trials of a search have one log and one report.</summary>
public sealed class TrialsTests
{
    private readonly Lines _lines = new();

    [Fact]
    public void The_best_is_the_greatest_figure_and_the_earliest_of_several()
    {
        var trials = Of(new TrialWork("way"), ("a", 3), ("b", 7), ("c", 7));

        Assert.Equal(["b", "c", "a"], trials.Ranked.Select(trial => trial.Name));
        Assert.Equal("b", trials.Best!.Name);
        Assert.Null(new Trials<string>(WorkLog.Silent, new TrialWork("way")).Best);
    }

    [Fact]
    public void The_report_has_every_trial_in_order_and_marks_those_that_are_kept()
    {
        var trials = Of(new TrialWork("way"), ("a", 3.14159), ("a", 3.14159), ("b", 2));
        var report = new PassReport();

        trials.Report(report, trials.Ranked.ElementAt(1));

        Assert.Equal([new TrialOutcome("a", 3.14, false), new TrialOutcome("a", 3.14, true), new TrialOutcome("b", 2, false)], report.Trials);
    }

    [Theory]
    [InlineData(null, false, "way 2")]
    [InlineData(5, false, "way 2 of 5")]
    [InlineData(5, true, "way 2 of at most 5")]
    public void Each_trial_has_a_line_when_it_begins_and_one_when_it_ends(int? count, bool isLimit, string title)
    {
        Of(new TrialWork("way", count) { IsLimit = isLimit }, ("a", 3), ("b", 7.04));

        Assert.Equal([$"{title}: 'b'", $"{title} gets 7.0 dB"], _lines.Texts[^2..]);
        Assert.Equal((title, 7.04), (_lines.All[^1].Place.Trial, _lines.All[^1].Place.BestDb));
    }

    [Fact]
    public void Work_is_counted_for_trials_that_are_dropped_too()
    {
        var trials = new Trials<string>(new WorkLog(_lines), new TrialWork("way", 2, Each: 1e9, Total: 4e9));

        trials.Begin("a");
        trials.Drop("it does not load");
        trials.Begin("");
        trials.End("b", 1);

        Assert.Equal(
            [
                "way 1 of 2: 'a'",
                "way 1 of 2 is dropped: it does not load; 1 G of the allowed 4 G multiply-adds",
                "way 2 of 2 gets 1.0 dB; 2 G of the allowed 4 G multiply-adds",
            ],
            _lines.Texts
        );
        Assert.Equal("b", Assert.Single(trials.Ranked).Subject);
    }

    private Trials<string> Of(TrialWork work, params (string Name, double SqnrDb)[] candidates)
    {
        var trials = new Trials<string>(new WorkLog(_lines), work);
        foreach (var (name, sqnr) in candidates)
        {
            trials.Begin(name);
            trials.End(name, sqnr);
        }

        return trials;
    }

    private sealed class Lines : IProgress<WorkLine>
    {
        public List<WorkLine> All { get; } = [];

        public string[] Texts => [.. All.Select(line => line.Text)];

        public void Report(WorkLine value) => All.Add(value);
    }
}
