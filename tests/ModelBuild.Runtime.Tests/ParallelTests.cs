using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Runtime.Tests;

/// <summary>Several runs at once, and calls that are split among them.</summary>
[Collection(nameof(ProcessWide))]
public sealed class ParallelTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(2, 4)]
    public async Task A_split_call_gives_what_a_whole_one_gives(int parallel, int threads)
    {
        using var plain = MlpModel.Load(TinyModels.Mlp());
        using var model = MlpModel.Load(TinyModels.Mlp(), new ModelOptions { Parallel = parallel, Threads = threads });
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(caller =>
                    Task.Run(() =>
                    {
                        foreach (var rows in (int[])[1, 2, 7, 64, 3, 7, 1, 200, 5, 7])
                        {
                            var features = CallTests.Features(rows, caller);
                            using var whole = plain.Run(features);
                            using var split = model.Run(features);
                            Assert.Equal([rows, 10], split.Scores.Shape.ToArray());
                            Assert.All(whole.Scores.ToArray().Zip(split.Scores.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
                        }
                    })
                )
        );
    }

    [Theory]
    [InlineData(6, 2)]
    [InlineData(1, 1)]
    public void Rows_are_split_among_the_lanes(int rows, int runs)
    {
        using var files = new TemporaryFolder();
        string profile;
        // One session serves both workers, and its profile contains all runs.
        using (
            var model = MlpModel.Load(
                TinyModels.Mlp(),
                new ModelOptions
                {
                    Parallel = 2,
                    Threads = 2,
                    ConfigureSession = Profile,
                }
            )
        )
        {
            using var result = model.Run(CallTests.Features(rows));
            profile = model.Session.EndProfiling();
        }

        Assert.Equal(runs, File.ReadLines(profile).Count(line => line.Contains("\"model_run\"", StringComparison.Ordinal)));

        void Profile(Microsoft.ML.OnnxRuntime.SessionOptions options)
        {
            options.EnableProfiling = true;
            options.ProfileOutputPathPrefix = files.File("run");
        }
    }

    [Fact]
    public void Models_whose_rows_do_not_go_apart_run_whole()
    {
        var options = new ModelOptions { Parallel = 2, Threads = 2 };
        using var wrong = WrongShapeModel.Load(TinyModels.WrongShape(), options);
        using var doubled = wrong.Run([1, 2, 3]);
        Assert.Equal([1, 2, 3, 1, 2, 3], doubled.Y.ToArray());
        using var pass = PassModel.Load(TinyModels.Pass(), options);
        using var passed = pass.Run([4, 5, 6]);
        Assert.Equal([4, 5, 6], passed.X.ToArray());
        Assert.Equal([1, 2, 3], passed.Fixed.ToArray());
        using var free = FreeModel.Load(TinyModels.Free(), options);
        using var any = free.Run([1, -1], [2]);
        Assert.Equal([1, 0], any.Y.ToArray());
    }

    [Fact]
    public async Task Cancellation_ends_all_parts()
    {
        using var runs = new StartedRuns();
        using var model = SlowModel.Load(TinyModels.Slow(), new ModelOptions { Parallel = 2, Threads = 2 });
        using var cancellation = new CancellationTokenSource();
        var running = model.RunAsync(new float[512 * 512], cancellation.Token);
        await Eventually.IsTrueAsync(() => runs.Count > 0, TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Throws<ArgumentOutOfRangeException>(() => MlpModel.Load(TinyModels.Mlp(), new ModelOptions { Parallel = 0 }));
    }
}
