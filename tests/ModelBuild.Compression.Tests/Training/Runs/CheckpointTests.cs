using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>Tests that a training that was interrupted continues from its checkpoint.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("prune(0.5) fine-tune(steps=60, rate=0.003)")]
    [InlineData("prune(0.5) fine-tune(steps=60, rate=0.003, average=0.9)")]
    [InlineData("prune(0.5) fine-tune(steps=60, rate=0.01, optimizer=sgd)")]
    [InlineData("prune(0.5) fine-tune(steps=60, rate=0.003, optimizer=rmsprop, clip=1)")]
    [InlineData("prune(0.5) fine-tune(steps=60, rate=0.003, loss=auto)")]
    [InlineData("prune(0.5) fine-tune(steps=60, rate=0.003, adversarial=0.05)")]
    [InlineData("prune(0.5) fine-tune(steps=60, rate=0.003, precision=mixed)")]
    [InlineData("prune(0.5) fine-tune(steps=60, rate=0.003) int4 fine-tune(steps=60, rate=0.001)")]
    public void The_bytes_are_those_of_a_training_without_interruption(string recipe)
    {
        var rows = MadeTraining.Rows(400, 16);
        var whole = MadeTraining.Run(Model(), recipe, rows).Model;
        foreach (var step in new[] { "step 12 of", "step 30 of", "step 54 of" })
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() =>
                MadeTraining.Run(Model(), recipe, rows, checkpoints: Folder(), progress: new StopAt(stop, step), cancellationToken: stop.Token)
            );
        }

        var resumed = MadeTraining.Run(Model(), recipe, rows, checkpoints: Folder()).Model;

        Assert.Equal(whole.ToBytes(), resumed.ToBytes());
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_not_used()
    {
        var rows = MadeTraining.Rows(400, 16);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            MadeTraining.Run(
                Model(),
                "prune(0.5) fine-tune(steps=60, rate=0.003)",
                rows,
                checkpoints: Folder(),
                progress: new StopAt(stop, "step 30 of"),
                cancellationToken: stop.Token
            )
        );
        const string Other = "prune(0.5) fine-tune(steps=60, rate=0.002)";

        var model = MadeTraining.Run(Model(), Other, rows, checkpoints: Folder()).Model;

        Assert.Equal(MadeTraining.Run(Model(), Other, rows).Model.ToBytes(), model.ToBytes());
    }

    [Fact]
    public void A_damaged_checkpoint_is_not_used()
    {
        var rows = MadeTraining.Rows(400, 16);
        const string Recipe = "prune(0.5) fine-tune(steps=60, rate=0.003)";
        Directory.CreateDirectory(_folder.File("checkpoints"));
        File.WriteAllBytes(_folder.File("checkpoints/0.checkpoint.safetensors"), [1, 2, 3]);

        var model = MadeTraining.Run(Model(), Recipe, rows, checkpoints: Folder()).Model;

        Assert.Equal(MadeTraining.Run(Model(), Recipe, rows).Model.ToBytes(), model.ToBytes());
    }

    public void Dispose() => _folder.Dispose();

    private CheckpointFolder Folder() => new(_folder.File("checkpoints"), "");

    private static OnnxModel Model() =>
        new Net()
            .OpenInput("x", "n", "16")
            .Weight("w", 16, 64)
            .Node("MatMul", "x w", "m")
            .Node("Relu", "m", "h")
            .Weight("v", 64, 8)
            .Node("MatMul", "h v", "y")
            .Output("y")
            .Build();
}
