using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Engines;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>Models that the build has cut into stages.</summary>
public sealed class StageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 6)]
    public async Task Stages_give_what_the_whole_gives_to_many_callers_at_once(int parallel, int threads)
    {
        using var whole = StagedModel.Load(_folder.Write("whole.onnx", StagedModels.Whole()));
        using var staged = StagedModel.Load(StagedModels.Write(_folder), new ModelOptions { Parallel = parallel, Threads = threads });
        Assert.NotEqual(whole.Session.OutputNames, staged.Session.OutputNames);
        await Task.WhenAll(
            Enumerable
                .Range(1, 6)
                .Select(caller =>
                    Task.Run(() =>
                    {
                        foreach (var rows in (int[])[1, 5, 2, 5, 64, 1])
                        {
                            var features = CallTests.Features(rows, caller);
                            using var expected = whole.Run(features, caller);
                            using var actual = staged.Run(features, caller);
                            Assert.Equal([rows, 10], actual.Scores.Shape.ToArray());
                            Assert.Equal([rows, 128], actual.Hidden.Shape.ToArray());
                            Assert.All(expected.Scores.ToArray().Zip(actual.Scores.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
                            Assert.Equal(expected.Hidden.ToArray(), actual.Hidden.ToArray());
                        }
                    })
                )
        );
    }

    [Fact]
    public void What_crosses_may_have_a_shape_that_only_the_run_tells()
    {
        string[] outputs = ["places: int64[1, ?]"];
        _folder.Write("x.1.onnx", Marked(new TinyModel().Input("x: float32[n]").Output(outputs).Node("NonZero(x) -> places"), 1));
        _folder.Write("x.2.onnx", Marked(new TinyModel().Input(outputs).Output("doubled: int64[1, ?]").Node("Add(places, places) -> doubled"), 2));
        var contract = new ModelContract(
            "Places",
            "x.onnx",
            "hash",
            ModelLocation.None,
            ["cpu"],
            [TensorContract.Of("x", "float32", "n")],
            [TensorContract.Of("doubled", "int64", 1, TensorDimension.Unknown)],
            [ShapeVariable.FromLength(0, 0, 0)],
            ["x.1.onnx", "x.2.onnx"]
        );
        using var host = ModelHost.OpenFile(contract, _folder.File("x.onnx"), null);
        foreach (
            var (x, doubled) in new (float[], long[])[] { ([1, 0, 1], [0, 4]), ([1, 0, 1], [0, 4]), ([0, 0, 5], [4]), ([1, 1, 1], [0, 2, 4]), ([0, 0, 0], []) }
        )
        {
            var call = host.Rent();
            call.Write(0, x.AsSpan());
            using var result = call.Run();
            Assert.Equal(doubled, result.Tensor<long>(0).ToArray());
            Assert.Equal([1, doubled.Length], result.Tensor<long>(0).Shape.ToArray());
        }

        static byte[] Marked(TinyModel model, int stage) =>
            model.Metadata("modelbuild.stage", $"{stage}/2").Metadata("modelbuild.stage.signature", "hash").Metadata("modelbuild.stage.whole", "x").ToBytes();
    }

    [Fact]
    public void A_model_changes_from_stages_to_a_whole_and_back()
    {
        var path = StagedModels.Write(_folder);
        using var model = new StagedModel(new ModelOptions { Path = path, WarmUp = true });
        Assert.Equal(["hidden"], model.Session.OutputNames);
        model.Reload(_folder.Write("whole.onnx", StagedModels.Whole()));
        Assert.Equal(["scores", "hidden"], model.Session.OutputNames);
        model.Reload();
        Assert.Equal(["hidden"], model.Session.OutputNames);
        using var result = model.Run(new float[64], 1);
        Assert.Equal(10, result.Scores.Length);
    }

    [Fact]
    public void All_stages_are_placed()
    {
        using var model = StagedModel.Load(
            StagedModels.Write(_folder),
            new ModelOptions
            {
                StageProviders =
                [
                    ["cpu"],
                    ["cpu"],
                    ["cpu"],
                ],
            }
        );
        Assert.Equal("cpu", model.Provider);
        // Gemm and Relu of two stages, Add, Mul and Gemm of the third.
        Assert.Equal(7, model.Placement.NodesOnCpu);
        Assert.Equal(3, Assert.Single(model.Placement.Providers).Operators.Single(count => count.Key == "Gemm").Value);
    }

    [Fact]
    public void Each_stage_needs_its_list_of_providers()
    {
        var path = StagedModels.Write(_folder);
        var exception = Assert.Throws<ArgumentException>(() =>
            StagedModel.Load(
                path,
                new ModelOptions
                {
                    StageProviders =
                    [
                        ["cpu"],
                    ],
                }
            )
        );
        Assert.Contains(
            "StageProviders has 1 lists, but ModelBuild.Runtime.Tests.Models.StagedModel has 3 stages",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ModelProviderException>(() =>
            StagedModel.Load(
                path,
                new ModelOptions
                {
                    StageProviders =
                    [
                        ["cpu"],
                        ["cuda"],
                        ["cpu"],
                    ],
                }
            )
        );
    }

    [Fact]
    public void A_stage_that_is_missing_is_named()
    {
        var path = StagedModels.Write(_folder);
        File.Delete(_folder.File("model.2.onnx"));
        Assert.Contains("model.2.onnx", Assert.Throws<FileNotFoundException>(() => StagedModel.Load(path)).FileName, StringComparison.Ordinal);
        Assert.EndsWith("StagedModel.1.onnx", Assert.Throws<FileNotFoundException>(() => new StagedModel()).FileName, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_that_do_not_belong_together_are_refused()
    {
        var path = StagedModels.Write(_folder);
        _folder.Write("model.2.onnx", StagedModels.Stage(2, build: "another"));
        Assert.Contains("come from different builds", Assert.Throws<ModelLoadException>(() => StagedModel.Load(path)).Message, StringComparison.Ordinal);
        _folder.Write("model.2.onnx", StagedModels.Stage(3));
        Assert.Contains("is not stage 2/3", Assert.Throws<ModelLoadException>(() => StagedModel.Load(path)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "whose inputs and outputs differ",
            Assert.Throws<ModelLoadException>(() => StagedModel.Load(StagedModels.Write(_folder, signature: "other"))).Message,
            StringComparison.Ordinal
        );
        // Nor is a stage the whole.
        Assert.Throws<ModelSignatureException>(() => StagedModel.Load(_folder.File("model.1.onnx")));
    }

    [Fact]
    public async Task A_stage_runs_one_call_at_a_time_beside_other_stages()
    {
        using var first = Stage();
        using var second = Stage();
        using var options = new RunOptions();
        using var other = new RunOptions();
        using var isIn = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        var running = Task.Run(
            () =>
                first.Run(
                    new Call(() =>
                    {
                        isIn.Set();
                        goesOn.Wait(TestContext.Current.CancellationToken);
                    }),
                    options
                ),
            TestContext.Current.CancellationToken
        );
        isIn.Wait(TestContext.Current.CancellationToken);

        var hasRun = false;
        second.Run(new Call(() => hasRun = true), other);
        Assert.True(hasRun);
        // Who waits may give up.
        var waiting = Task.Run(() => first.Run(new Call(() => Assert.Fail("It ran beside another call.")), other), TestContext.Current.CancellationToken);
        other.Terminate = true;
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);

        goesOn.Set();
        await running;
        first.Run(new Call(() => hasRun = false), options);
        Assert.False(hasRun);
    }

    private static PipelineStage Stage()
    {
        var session = new InferenceSession(TinyModels.Small());
        var contract = new ModelContract("Small", "small.onnx", "", ModelLocation.None, [], [], [], []);
        return new PipelineStage(contract, session, shapes => new SessionEngine(session, "cpu", null, shapes), runs: 1);
    }

    private sealed class Call(Action run) : EngineCall
    {
        public override void Run(RunOptions options) => run();

        public override void Dispose() { }
    }
}
