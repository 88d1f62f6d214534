using System.Globalization;
using System.Numerics.Tensors;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Runtime.Tests;

/// <summary>Sequences, maps and optionals, in and out.</summary>
public sealed class ValueTests
{
    [Fact]
    public void Sequences()
    {
        using var model = BagModel.Load(TinyModels.Bag());
        IReadOnlyList<Tensor<float>> kept = [];
        foreach (var count in new[] { 1, 3, 2, 3 })
        {
            var items = Enumerable.Range(1, count).Select(i => Tensor.Create([.. Enumerable.Range(0, 2 * i).Select(x => (float)x)], [i, 2])).ToArray();
            using var result = model.Run(items, [Tensor.Create(["grüße", ""], [2]), Tensor.Create([""], [1, 1, 1])]);
            Assert.Equal(count, result.Count.Value);
            Assert.Equal(count, result.ItemsOut.Count);
            Assert.All(items.Zip(result.ItemsOut), pair => Assert.Equal(pair.First.Lengths.ToArray(), pair.Second.Lengths.ToArray()));
            Assert.All(items.Zip(result.ItemsOut), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray()));
            Assert.Equal(["grüße", ""], result.WordsOut[0].ToArray());
            Assert.Equal([1, 1, 1], result.WordsOut[1].Lengths.ToArray());
            Assert.Equal([1L, 2L], result.First.Shape);
            kept = result.ItemsOut;
        }

        // Copies outlive their result, and nobody else writes them.
        Assert.Equal([0f, 1, 2, 3, 4, 5], kept[2].ToArray());
    }

    [Fact]
    public async Task What_comes_in_is_copied_at_once()
    {
        using var model = BagModel.Load(TinyModels.Bag());
        var item = Tensor.Create([1f, 2], [1, 2]);
        var items = new List<Tensor<float>> { item };
        var running = model.RunAsync(items, [Tensor.Create(["a"], [1])], TestContext.Current.CancellationToken);
        item[0, 0] = 9;
        items.Clear();
        using var result = await running;
        Assert.Equal([1f, 2], result.ItemsOut.Single().ToArray());
    }

    [Fact]
    public void Scalars_and_tensors_without_elements_in_a_sequence()
    {
        using var model = BagModel.Load(TinyModels.Bag());
        using var result = model.Run([Tensor.Create(Array.Empty<float>(), [0, 2])], [Tensor.Create(Array.Empty<string>(), [0])]);
        Assert.Equal([0, 2], result.ItemsOut[0].Lengths.ToArray());
        Assert.Equal([0], result.WordsOut[0].Lengths.ToArray());

        // .NET's tensors have at least one dimension.
        using var scalars = ScalarsModel.Load(TinyModels.Scalars());
        using var parts = scalars.Run([5, 6], gain: Tensor.Create([2f], [1]));
        Assert.Equal([5f, 6f], parts.Parts.Select(part => part.ToArray().Single()));
        Assert.Equal([1], parts.Parts[0].Lengths.ToArray());
        Assert.True(parts.HasGain.Value);
        Assert.Throws<ArgumentException>(() => scalars.Run([5], gain: Tensor<float>.Empty));
        Assert.Throws<ArgumentException>(() => scalars.Run([5], gain: Tensor.Create([1f, 2f], [2])));
    }

    [Fact]
    public void Maps()
    {
        using var model = DictionariesModel.Load(TinyModels.Dictionaries());
        using var result = model.Run(
            new Dictionary<string, float>
            {
                ["otto"] = 7,
                ["anna"] = 3,
                ["else"] = 1,
            },
            new Dictionary<long, string> { [2] = "zwei", [1] = "eins" }
        );
        Assert.Equal([3f, 7], result.AgesOut.ToArray());
        Assert.Equal(["eins", "zwei"], result.NamesOut.ToArray());
        using var empty = model.Run(new Dictionary<string, float>(), new Dictionary<long, string>());
        Assert.Equal([0f, 0], empty.AgesOut.ToArray());
    }

    [Fact]
    public void Optionals_that_are_given_and_left_out_in_turns()
    {
        using var model = MaybeModel.Load(TinyModels.Maybe());
        var maybe = Tensor.Create([1f, 2, 3], [1, 3]);
        for (var i = 0; i < 8; i++)
        {
            using var result = model.Run([1, -1], maybe: i % 2 == 0 ? maybe : null, list: i % 4 < 2 ? [maybe, maybe] : null);
            Assert.Equal(i % 2 == 0, result.HasMaybe.Value);
            Assert.Equal(i % 4 < 2, result.HasList.Value);
            Assert.Equal([1f, -1], result.Some!.ToArray());
            Assert.Null(result.None);
            Assert.Null(result.NoneList);
            Assert.Equal([1f, 0], result.Y.ToArray());
        }

        Assert.True(model.WarmUp());
    }

    [Fact]
    public void Symbols_that_inputs_share_are_one_size()
    {
        using var model = MaybeModel.Load(TinyModels.Maybe());
        var (square, wide) = (Tensor.Create(new float[4], [2, 2]), Tensor.Create(new float[3], [1, 3]));
        Message("Input 'maybe' takes optional(tensor(float)) with [n, m] with n = 1 from input 'x'. [2, 2] was given.", () => model.Run([1, 1], maybe: square));
        Message("Input 'maybe' takes optional(tensor(float)) with [n, m]. [3] was given.", () => model.Run([1, 1], maybe: Tensor.Create(new float[3], [3])));
        Message(
            "Input 'list' takes optional(seq(tensor(float))) with [?, m] with m = 3 from input 'maybe'. [2, 2] was given.",
            () => model.Run([1, 1], maybe: wide, list: [wide, square])
        );
        Message(
            "Input 'other' takes optional(tensor(float)) with [m] with m = 3 from input 'maybe'. [2] was given.",
            () => model.Run([1, 1], maybe: wide, other: Tensor.Create(new float[2], [2]))
        );
        // The items of a list may differ in what no other input has.
        model.Run([1, 1], list: [wide, square]).Dispose();
        using var bag = BagModel.Load(TinyModels.Bag());
        Message("Input 'items' takes seq(tensor(float)) with [?, 2]. [1, 3] was given.", () => bag.Run([wide], [Tensor.Create(["a"], [1])]));

        static void Message(string message, Action call) => Assert.Equal(message, Assert.Throws<ArgumentException>(call).Message);
    }

    [Fact]
    public void What_ONNX_Runtime_does_not_take()
    {
        using var model = BagModel.Load(TinyModels.Bag());
        Tensor<float>[] items = [Tensor.Create(new float[2], [1, 2])];
        Assert.Equal(
            "Input 'words' takes seq(tensor(string)): it is empty, and ONNX Runtime takes no empty sequences.",
            Assert.Throws<ArgumentException>(() => model.Run(items, [])).Message
        );
        Assert.Equal("Input 'items' takes seq(tensor(float)) with [?, 2]: it is null.", Assert.Throws<ArgumentException>(() => model.Run(null!, [])).Message);
        Assert.Equal(
            "Input 'items' takes seq(tensor(float)) with [?, 2]: a tensor is null.",
            Assert.Throws<ArgumentException>(() => model.Run([null!], [])).Message
        );
        Assert.False(model.WarmUp());
        model.Run(items, [Tensor.Create(["a"], [1])]).Dispose();
    }

    [Fact]
    public void A_disposed_result_gives_no_values()
    {
        using var model = ZipModel.Load(TinyModels.Zip());
        var result = model.Run([1, 2, 3]);
        result.Dispose();
        Assert.Throws<ObjectDisposedException>(() => result.Probabilities);
    }

    [Fact]
    public async Task Scores_by_class_go_to_the_callers_whose_rows_they_are()
    {
        using var model = ZipModel.Load(TinyModels.Zip());
        await using var batcher = model.OpenBatcher(new BatcherOptions { MaxDelay = TimeSpan.FromSeconds(2), MaxRows = 6 });
        await Task.WhenAll(
            Enumerable
                .Range(1, 3)
                .Select(async rows =>
                {
                    float[] x = [.. Enumerable.Range(0, rows * 3).Select(i => rows + (i / 10f))];
                    using var expected = model.Run(x);
                    using var result = await batcher.RunAsync(x, TestContext.Current.CancellationToken);
                    Assert.Equal(rows, result.Probabilities.Count);
                    Assert.Equal(expected.Probabilities.Select(row => row["b"]), result.Probabilities.Select(row => row["b"]));
                })
        );
    }

    [Fact]
    public void A_fake_takes_and_gives_them()
    {
        using var model = MaybeModel.Fake(call =>
        {
            Assert.Null(call.InputValue<object?>(MaybeModel.InputNames.List));
            call.SetOutputValue(MaybeModel.OutputNames.Some, call.InputValue<Tensor<float>?>(MaybeModel.InputNames.Maybe));
            Assert.Throws<ArgumentException>(() => call.InputValue<object>(MaybeModel.InputNames.X));
        });
        var maybe = Tensor.Create([5f], [1, 1]);
        using var result = model.Run([1, 1], maybe: maybe);
        Assert.Same(maybe, result.Some);
        Assert.Null(result.NoneList);
    }

    [Fact]
    public void A_model_with_another_type_inside_is_refused() =>
        Assert.Contains(
            "output 'rows2': the class expects seq(tensor(float)), the model has seq(tensor(int64))",
            Assert
                .Throws<ModelSignatureException>(() =>
                    ToyModel.Load(
                        new TinyModel()
                            .Input("x: float32[N, 4]", "opt: optional(float32[1, 1])", "z: seq(int64[*])")
                            .Output("y: float32[M, 3]", "n_rows: int64[]", "rows2: seq(int64[*])")
                            .Node("Relu(x) -> y")
                            .Node("SequenceLength(z) -> n_rows")
                            .Node("Identity(z) -> rows2")
                            .ToBytes()
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    [Trait("Speed", "Slow")]
    public void Penguins()
    {
        using var model = PenguinsModel.Load(Corpus.Path("models/penguins_rf.onnx"));
        var (right, rows) = (0, File.ReadAllLines(Corpus.Path("data/penguins/test.csv")).Skip(1).Select(line => line.Split(',')).ToArray());
        using var all = model.Run([.. rows.SelectMany(Measurements)], [.. rows.Select(row => row[4])], [.. rows.Select(row => row[5])]);
        for (var i = 0; i < rows.Length; i++)
        {
            var best = all.Probabilities[i].MaxBy(entry => entry.Value).Key;
            Assert.Equal(best, all.Species[i]);
            Assert.Equal(1, all.Probabilities[i].Values.Sum(), 1e-4f);
            right += best == rows[i][6] ? 1 : 0;
        }

        Assert.True(right >= 0.98 * rows.Length, $"{right} of {rows.Length}");

        static IEnumerable<float> Measurements(string[] row) =>
            row[..4].Select(text => float.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : float.NaN);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void The_toy_of_the_corpus()
    {
        using var model = ToyModel.Load(Corpus.Path("models/seq_optional_toy.onnx"));
        float[] x = [1, 2, 3, 4, 5, 6, 7, 8];
        using var without = model.Run(x);
        using var with = model.Run(x, Tensor.Create([0.5f], [1, 1]));
        Assert.Equal(3, without.Rows2.Count);
        Assert.NotEqual(without.Y.ToArray(), with.Y.ToArray());
    }
}
