using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Estimation;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Pages.Comparison;
using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Profiling;
using ModelBuild.Testing.Browsers;

namespace ModelBuild.Compression.Tests.Pages;

/// <summary>
/// Tests the pages in a real browser. No element is wider than the page, no script fails, and no request leaves the page. The tests are skipped if Chromium
/// is not installed.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class BrowserTests : IDisposable
{
    private const string Overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

    private static readonly int[] Widths = [400, 1200];

    private static readonly Dictionary<string, Func<string>> _pages = new()
    {
        ["report"] = () => HtmlReport.Render(SampleReceipts.Full()),
        ["report-hostile"] = () => HtmlReport.Render(SampleReceipts.Full(name: SampleReceipts.Hostile)),
        ["report-of-1000-nodes"] = () => HtmlReport.Render(SampleReceipts.Full(1000)),
        ["report-synthetic"] = () => HtmlReport.Render(SampleReceipts.Synthetic()),
        ["report-original"] = () => HtmlReport.Render(SampleReceipts.Original()),
        ["comparison"] = () => HtmlComparison.Render(Comparison("first.onnx", "second.onnx")),
        ["comparison-hostile"] = () => HtmlComparison.Render(Comparison("first.onnx", SampleReceipts.Hostile.Replace('/', '_'))),
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Pages_are_as_wide_as_the_window_and_load_nothing()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var browser = await Browser.StartAsync(stop);
        foreach (var (name, render) in _pages)
        foreach (var width in Widths)
        {
            var path = _folder.Write($"{name}.html", render());

            var page = await browser.OpenAsync(path, width, stop);

            Assert.Equal((name, width, 0), (name, width, await page.EvaluateAsync<int>(Overflow, stop)));
            Assert.Equal(width, await page.EvaluateAsync<int>("window.innerWidth", stop));
            // The details are opened, because their contents can also be too wide.
            await page.EvaluateAsync<int>("document.querySelectorAll('details').forEach(one => one.open = true), 0", stop);
            Assert.Equal((name, width, 0), (name, width, await page.EvaluateAsync<int>(Overflow, stop)));
            Assert.Empty(page.Errors);
            Assert.Equal([new Uri(path).AbsoluteUri], page.Requests);
        }
    }

    [Fact]
    public async Task A_faulty_page_is_noticed()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var browser = await Browser.StartAsync(stop);
        var path = _folder.Write(
            "faulty.html",
            "<!doctype html><div style=\"width:3000px\">wide</div><img src=\"http://127.0.0.1:9/picture.png\"><script>throw new Error('fault')</script>"
        );

        var page = await browser.OpenAsync(path, 400, stop);

        Assert.True(await page.EvaluateAsync<int>(Overflow, stop) > 2000);
        Assert.Contains(page.Errors, error => error.Contains("fault", StringComparison.Ordinal));
        Assert.Contains("http://127.0.0.1:9/picture.png", page.Requests);
    }

    [Fact]
    public async Task The_search_shows_the_nodes_that_contain_the_term()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var browser = await Browser.StartAsync(stop);
        var page = await browser.OpenAsync(_folder.Write("page.html", HtmlReport.Render(SampleReceipts.Full(1000))), 1200, stop);

        var found = await page.EvaluateAsync<string>(
            """
            (() => {
              document.querySelector('.graph').open = true;
              const input = document.querySelector('.graph input');
              input.value = 'NODE99';
              input.dispatchEvent(new Event('input'));
              const shown = [...document.querySelectorAll('.nodes li')].filter(node => !node.hidden && node.offsetParent !== null);
              return shown.length + ', ' + document.querySelector('.graph output').textContent;
            })()
            """,
            stop
        );

        // The search finds node99 and node990 to node999.
        Assert.Equal("11, 11 found", found);
        Assert.Empty(page.Errors);
    }

    public void Dispose() => _folder.Dispose();

    private static ComparisonDocument Comparison(string first, string second)
    {
        var receipt = SampleReceipts.Full(name: second);
        var ratio = new RatioFigures(0.8, 0.7, 0.9);
        var latency = new LatencyFigures(100, 1.5, 0.1, 1.2, 1.5, 1.8, 2.5, 3);
        var answer = new ChangedAnswer(3, $"{second}.npz", 3, new Answer(1, second, null), new Answer(1, second, 0.9), new Answer(2, null, 0.6))
        {
            Picture = [1],
        };
        return new ComparisonDocument(
            [
                new ComparedModel(first, 4_000_000, 12, new MemoryFigures(5_000_000, 9_000_000), Outputs: null),
                new ComparedModel(
                    second,
                    1_000_000,
                    8,
                    new MemoryFigures(2_000_000, 3_000_000),
                    new ComparedOutputs(
                        receipt.Verification!,
                        receipt.Fidelity,
                        Passed: true,
                        [
                            new AnswerFigures(
                                second,
                                500,
                                1,
                                new ShareEstimate(0.98, 0.96, 0.99),
                                new ShareEstimate(0.97, 0.95, 0.98),
                                new PairedDifference(-0.00001, -0.03, 0.01, 3, 2, 0.5),
                                [answer]
                            ),
                        ],
                        [.. Enumerable.Range(0, 40).Select(i => new ValueError($"{second}{i}", $"Conv '{second}{i}'", 40 - (0.3 * i), 40.3 - (0.3 * i), false))]
                    )
                ),
            ],
            [new LatencyComparison("1", 1, [new LatencyEntry(first, latency, new RatioFigures(1, 1, 1)), new LatencyEntry(second, latency, ratio)])],
            new MachineFacts("1.32.0", "cpu", 8, "x64"),
            new TimedInputFacts(InputKind.Calibration, 10, new Dictionary<string, long[]> { [second] = [1, 3, 224, 224] })
        );
    }
}
