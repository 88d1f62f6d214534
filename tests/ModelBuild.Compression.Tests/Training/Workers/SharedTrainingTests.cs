using System.Runtime.InteropServices;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Compression.Tests.Training.Transfer;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Workers;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Workers;

/// <summary>Tests that workers that share each batch get the same weights as one worker that runs whole batches.</summary>
public sealed class SharedTrainingTests : IDisposable
{
    private const int Rows = 400;

    // The sums of float32 numbers have another order. The distance is relative to the change of the weights by training.
    private const double Tolerance = 2e-3;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, int> Runs
    {
        get
        {
            var data = new TheoryData<string, string, int>();
            foreach (var size in new[] { 2, 3, 4 })
            foreach (
                var (model, recipe) in new[]
                {
                    ("linear", "prune(0.5) fine-tune(@, optimizer=sgd, rate=0.5)"),
                    ("linear", "prune(0.5) fine-tune(@, optimizer=sgd, rate=0.5, clip=0.1, average=0.5)"),
                    ("linear", "cluster(4) fine-tune(@, optimizer=sgd, rate=0.5)"),
                    ("linear", "low-rank(0.5) fine-tune(@, optimizer=sgd, rate=0.5)"),
                    ("convolutions", "prune(0.5) fine-tune(@, optimizer=sgd, rate=0.1)"),
                    ("images", "prune(0.5) fine-tune(@, optimizer=sgd, rate=0.1, augment=shift(1)+noise(0.1))"),
                    ("convolutions", "prune(0.5) fine-tune(@, optimizer=sgd, rate=0.1, features=pairs, attention=1)"),
                    ("convolutions", "int8 fine-tune(@, optimizer=sgd, rate=0.001)"),
                    ("convolutions", "prune-channels(0.3) fine-tune(@, optimizer=adam, rate=0.001)"),
                    ("classifier", "prune(0.5) fine-tune(@, optimizer=sgd, rate=0.1)"),
                    ("classifier", "prune(0.5) fine-tune(@, optimizer=sgd, rate=0.1, labels=0.5)"),
                    ("classifier", "prune(0.5) fine-tune(@, optimizer=sgd, rate=0.1, loss=labels)"),
                    ("classifier", "prune(0.5) fine-tune(@, optimizer=sgd, rate=0.1, loss=auto)"),
                    ("classifier", "prune(0.5) fine-tune(@, optimizer=rmsprop, rate=0.001, precision=mixed)"),
                    ("masked", "fine-tune(@, optimizer=sgd, rate=0.2)"),
                }
            )
                data.Add(model, recipe.Replace("@", "steps=20, batch=24"), size);
            return data;
        }
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Runs))]
    public void The_weights_are_those_of_one_worker(string model, string recipe, int size)
    {
        var made = Model(model);
        var data = Data(model);
        MadeResult Train(IWorkerGroup workers) =>
            MadeTraining.Run(
                made,
                recipe,
                model == "images" ? MadeTraining.Rows(200, 1, 8, 9) : MadeTraining.Rows(64, 2, 6, 6),
                data: data,
                workers: workers,
                teacher: model == "masked" ? Model("masked teacher") : null
            );
        var one = Train(SingleWorker.Instance);
        using var group = new ThreadGroup(size);

        var several = group.Run(Train);

        Assert.All(several, result => Assert.Equal(several[0].Model.ToBytes(), result.Model.ToBytes()));
        Assert.Equal((size, "threads"), (several[0].Training.Workers!.Count, several[0].Training.Workers!.Transport));
        Assert.Null(one.Training.Workers);
        // The mixed precision rounds to 8 bits, and codes change at borders of rounding.
        var tolerance = recipe.Contains("mixed", StringComparison.Ordinal) || recipe.Contains("int8", StringComparison.Ordinal) ? 0.2 : Tolerance;
        Assert.InRange(Distance(made, one, several[0]), 0, tolerance);
        Assert.Equal(one.Training.Curve[0].HeldOut!.Value, several[0].Training.Curve[0].HeldOut!.Value, 1e-12);
        Assert.Equal(0, group.Different);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("Gemm", 2)]
    [InlineData("Conv", 4)]
    public void Both_phases_of_a_transfer_are_shared(string head, int size)
    {
        var made = MadeClassifier.Net(head, "", isFlat: true, batch: "n").Build();
        string[] data = [MadeClassifier.Write(_folder.File("train.npz"), isImage: head == "Conv", label: label => label)];
        MadeResult Train(IWorkerGroup workers) => MadeClassifier.Run(made, "transfer(classes=3, steps=40, rate=0.05, optimizer=sgd)", data, workers: workers);
        using var group = new ThreadGroup(size);

        var several = group.Run(Train);

        Assert.All(several, result => Assert.Equal(several[0].Model.ToBytes(), result.Model.ToBytes()));
        Assert.InRange(Distance(made, Train(SingleWorker.Instance), several[0]), 0, Tolerance);
        Assert.Equal(size, several[0].Training.Workers!.Count);
    }

    [Fact]
    public void Rows_of_several_lengths_are_shared()
    {
        var rows = ListedSamples.Of(
            "x",
            [.. Enumerable.Range(0, 200).Select(i => (new long[] { 1, 2, 6, 4 + (i % 3) }, Noise.Floats(2 * 6 * (4 + (i % 3)), seed: i)))]
        );
        var made = new Net(opset: 21, irVersion: 10)
            .OpenInput("x", "n", "2", "6", "w")
            .Weight("a", 4, 2, 3, 3)
            .Node("Conv", "x a", "y")
            .OpenOutput("y", "n", "4", "4", "v")
            .Build();
        MadeResult Train(IWorkerGroup workers) =>
            MadeTraining.Run(made, "prune(0.5) fine-tune(steps=20, batch=8, optimizer=sgd, rate=0.3)", rows, workers: workers);
        using var group = new ThreadGroup(2);

        Assert.InRange(Distance(made, Train(SingleWorker.Instance), group.Run(Train)[0]), 0, Tolerance);
    }

    [Theory]
    [InlineData("batch=10", 3, "A batch of 10 rows cannot be divided evenly among 3 workers: use batch=12 or another number of workers.")]
    [InlineData("adversarial=0.1", 2, "Several workers cannot train with adversarial, which moves rows within the range of a batch")]
    [InlineData("loss=dist", 2, "Several workers cannot train with loss=dist, which compares all rows of a batch with each other")]
    public void What_cannot_be_shared_is_refused(string option, int size, string message)
    {
        using var group = new ThreadGroup(size);

        var fault = Assert.Throws<CompressionException>(() =>
            group.Run(workers => MadeTraining.Run(Model("classifier"), $"fine-tune(steps=5, {option})", MadeTraining.Rows(100, 2, 6, 6), workers: workers))
        );

        Assert.Equal(Codes.UnknownOption, fault.Code);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_takes_a_fixed_number_of_rows_is_refused()
    {
        var made = MadeClassifier.Net("Gemm", "", isFlat: true, batch: "2").Build();
        string[] data = [MadeClassifier.Write(_folder.File("train.npz"), isImage: false, label: label => label)];
        using var group = new ThreadGroup(2);

        var fault = Assert.Throws<CompressionException>(() =>
            group.Run(workers => MadeClassifier.Run(made, "transfer(classes=3, steps=4)", data, workers: workers))
        );

        Assert.Equal(Codes.UnknownOption, fault.Code);
        Assert.StartsWith("The model takes a fixed number of rows in a call, which 2 workers cannot share", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Workers_with_different_models_end_with_one_message()
    {
        using var group = new ThreadGroup(3);

        var fault = Assert.Throws<CompressionException>(() =>
            group.Run(workers =>
                MadeTraining.Run(
                    Model(workers.Rank == 2 ? "classifier" : "convolutions"),
                    "fine-tune(steps=5)",
                    MadeTraining.Rows(60, 2, 6, 6),
                    workers: workers
                )
            )
        );

        Assert.Equal(Codes.WorkerLost, fault.Code);
        Assert.StartsWith("Worker 2 has another model, other data or another version than worker 0.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_usual_batch_can_be_shared()
    {
        using var group = new ThreadGroup(3);

        var results = group.Run(workers =>
            MadeTraining.Run(Model("convolutions"), "prune(0.5) fine-tune(steps=4)", MadeTraining.Rows(900, 2, 6, 6), workers: workers)
        );

        Assert.Equal(33, results[0].Training.Batch);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("loss=auto")]
    [InlineData("average=0.9")]
    [InlineData("optimizer=adamw, weight-decay=0.01")]
    public void All_workers_go_on_from_the_checkpoint_of_worker_0(string options)
    {
        var recipe = $"prune(0.5) fine-tune(steps=40, batch=16, rate=0.003, {options})";
        var data = Data("classifier");
        MadeResult Train(IWorkerGroup workers, CheckpointFolder? folder, StopAt? stop, CancellationToken cancellationToken) =>
            MadeTraining.Run(
                Model("classifier"),
                recipe,
                MadeTraining.Rows(64, 2, 6, 6),
                checkpoints: workers.Rank == 0 ? folder : null,
                progress: stop,
                data: data,
                workers: workers,
                cancellationToken: cancellationToken
            );
        using var whole = new ThreadGroup(2);
        var uninterrupted = whole.Run(workers => Train(workers, folder: null, stop: null, CancellationToken.None));
        var folder = new CheckpointFolder(_folder.File("checkpoints"), "");
        using var interrupted = new ThreadGroup(2);
        using var source = new CancellationTokenSource();

        // The cancellation of worker 1 ends both workers after the same step.
        Assert.ThrowsAny<OperationCanceledException>(() =>
            interrupted.Run(workers =>
                Train(workers, folder, workers.Rank == 1 ? new StopAt(source, "step 20 of") : null, workers.Rank == 1 ? source.Token : CancellationToken.None)
            )
        );
        Assert.True(folder.Exists);
        using var resumed = new ThreadGroup(2);
        var results = resumed.Run(workers => Train(workers, folder, stop: null, CancellationToken.None));

        Assert.Equal(uninterrupted[0].Model.ToBytes(), results[0].Model.ToBytes());
        Assert.Equal(results[0].Model.ToBytes(), results[1].Model.ToBytes());
    }

    public void Dispose() => _folder.Dispose();

    // The method returns the distance between two sets of weights, divided by the distance of one set from the weights before training.
    private static double Distance(OnnxModel model, MadeResult one, MadeResult other)
    {
        var (distance, way) = (0.0, 0.0);
        foreach (var (constant, same) in one.Trained.SelectMany(step => step.Constants).Zip(other.Trained.SelectMany(step => step.Constants)))
        {
            Assert.Equal(constant.Name, same.Name);
            if (constant.DataType != (int)DataType.Float)
                continue;
            var (values, others) = (Floats(constant), Floats(same));
            var first =
                model.Proto.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == constant.Name) is { } before && Floats(before).Length == values.Length
                    ? Floats(before)
                    : null;
            for (var i = 0; i < values.Length; i++)
            {
                distance += Math.Pow(values[i] - others[i], 2);
                // A weight that was removed before training does not change.
                way += Math.Pow(values[i] - (values[i] == 0 || first is null ? 0 : first[i]), 2);
            }
        }

        Assert.True(way > 0);
        return Math.Sqrt(distance / way);
    }

    private static float[] Floats(TensorProto tensor) =>
        tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];

    private string[]? Data(string model)
    {
        if (model == "masked")
            return
            [
                Numpy.Npz(
                    _folder.File("masked.npz"),
                    ("x", Numpy.Array([Rows, 6, 8], Noise.Floats(Rows * 48, seed: 3))),
                    ("mask", Numpy.Array([Rows, 6], [.. Enumerable.Range(0, Rows * 6).Select(i => (long)(i % 6 < 1 + (i / 6 % 6) ? 1 : 0))]))
                ),
            ];
        if (model != "classifier")
            return null;
        // Each worker has a different number of labelled rows.
        var values = Noise.Floats(Rows * 72, seed: 3);
        for (var i = 0; i < values.Length; i++)
            values[i] += i / 72 % 3;
        return
        [
            Numpy.Npz(
                _folder.File("labelled.npz"),
                ("x", Numpy.Array([Rows, 2, 6, 6], values)),
                ("label", Numpy.Array([Rows], [.. Enumerable.Range(0, Rows).Select(i => i % 5 == 0 ? -1L : i % 3)]))
            ),
        ];
    }

    private static OnnxModel Model(string name) =>
        name switch
        {
            "linear" => new Net(opset: 21, irVersion: 10)
                .OpenInput("x", "n", "2", "6", "6")
                .Node("Flatten", "x", "f")
                .Weight("w", 72, 32)
                .Node("MatMul", "f w", "m")
                .Node("Relu", "m", "h")
                .Weight("v", 32, 8)
                .Node("MatMul", "h v", "y")
                .OpenOutput("y", "n", "8")
                .Build(),
            "images" => new Net(opset: 21, irVersion: 10)
                .OpenInput("x", "n", "1", "8", "9")
                .Weight("a", 8, 1, 3, 3)
                .Node("Conv", "x a", "y")
                .OpenOutput("y", "n", "8", "6", "7")
                .Build(),
            "masked" or "masked teacher" => new Net(opset: 21, irVersion: 10)
                .OpenInput("x", "n", "6", "8")
                .Input("mask", DataType.Int64, -1, 6)
                .Weight(name == "masked" ? "w" : "v", 8, 8)
                .Node("MatMul", name == "masked" ? "x w" : "x v", "m")
                .Constant("axes", [1], 2L)
                .Node("Cast", "mask", "k", ("to", (long)DataType.Float))
                .Node("Unsqueeze", "k axes", "u")
                .Node("Mul", "m u", "y")
                .OpenOutput("y", "n", "6", "8")
                .Build(),
            "classifier" => Convolutions().Node("Softmax", "y", "p").OpenOutput("p", "n", "5").Build(),
            _ => Convolutions().OpenOutput("y", "n", "5").Build(),
        };

    private static Net Convolutions() =>
        new Net(opset: 21, irVersion: 10)
            .OpenInput("x", "n", "2", "6", "6")
            .Weight("a", 8, 2, 3, 3)
            .Node("Conv", "x a", "c")
            .Node("Relu", "c", "r")
            .Weight("b", 10, 8, 3, 3)
            .Node("Conv", "r b", "d")
            .Node("Relu", "d", "s")
            .Node("Flatten", "s", "f")
            .Weight("w", 40, 5)
            .Node("MatMul", "f w", "y");
}
