using System.IO.Compression;
using Google.Protobuf;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Onnx;
using static ModelBuild.Compression.Tests.Training.Data.TrainingFiles;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Data;

public sealed class TrainingSetTests
{
    private const int Rows = 50;

    private static Net Vectors => new Net().Input("x", -1, 3);

    public static MatrixTheoryData<string, string, long> Places =>
        new(["npy", "npz", "compressed npz"], ["float32", "float64", "float16 input"], [0L, 500L, Large]);

    [Theory]
    [MemberData(nameof(Places))]
    public void Rows_are_the_same_wherever_they_are_kept(string format, string type, long memory)
    {
        using var folder = new TemporaryFolder();
        var (numbers, isHalf) = (Numbers(Rows * 3), type == "float16 input");
        var array = type == "float64" ? Numpy.Array([Rows, 3], [.. numbers.Select(value => (double)value)]) : Numpy.Array([Rows, 3], numbers);
        var path =
            format == "npy" ? folder.Write("x.npy", array) : Numpy.Npz(folder.File("x.npz"), Level(format), ("other", Numpy.Array([1], 5)), ("x", array));
        var net = isHalf ? new Net().Input("x", DataType.Float16, -1, 3) : Vectors;

        using var set = Open(net, memory, [path]);

        Assert.Equal((45, 5), (set.TrainingRows, set.HeldOutRows));
        TrainingBatch[] batches = [.. set.Training(9).Take(5), .. set.HeldOut(9)];
        Assert.All(batches, batch => Assert.Equal([batch.Count, 3L], batch.Inputs.Single().Type.Shape));
        foreach (var batch in batches)
        {
            var values = isHalf ? [.. Read<Half>(batch, "x").Select(value => (float)value)] : Floats(batch);
            Assert.Equal(batch.Draws.SelectMany(draw => numbers.AsSpan(draw.Row * 3, 3).ToArray()), values);
        }

        Assert.Equal(Enumerable.Range(0, Rows), batches.SelectMany(batch => batch.Draws).Select(draw => draw.Row).Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Large)]
    public void Labels_go_with_their_rows_and_rows_without_one_have_minus_one(long memory)
    {
        using var folder = new TemporaryFolder();
        var labels = Enumerable.Range(0, Rows).Select(i => (byte)(i % 7)).ToArray();
        var labelled = Numpy.Npz(folder.File("a.npz"), ("x", Numpy.Array([Rows, 3], Numbers(Rows * 3))), ("label", Numpy.Array([Rows, 1], labels)));
        var others = Numpy.Npz(folder.File("b.npz"), ("x", Numpy.Array([Rows, 3], Numbers(Rows * 3))));

        using var set = Open(Vectors, memory, [labelled, others]);

        Assert.True(set.HasLabels);
        foreach (var batch in set.Training(8).Take(20))
            Assert.Equal(batch.Draws.Select(draw => draw.Row < Rows ? draw.Row % 7 : -1L), Labels(batch));
        using var unlabelled = Open(Vectors, others);
        Assert.False(unlabelled.HasLabels);
        Assert.All(unlabelled.Training(8).Take(2), batch => Assert.Equal(Enumerable.Repeat(-1L, 8), Labels(batch)));
    }

    [Fact]
    public void Memory_for_more_rows_is_filled_with_the_last_one()
    {
        using var folder = new TemporaryFolder();
        var path = Numpy.Npz(folder.File("x.npz"), ("x", Numpy.Array([4, 3], Numbers(12))), ("label", Numpy.Array([4], 1, 2, 3, 4)));
        using var set = Open(Vectors, path);
        var batch = set.HeldOut(8).Single();
        var (bytes, labels) = (new byte[5 * 3 * 4], new long[5]);

        batch.CopyTo("x", bytes);
        batch.CopyLabelsTo(labels);

        var row = Floats(batch);
        Assert.Equal(1, batch.Count);
        Assert.Equal(Enumerable.Repeat(row, 5).SelectMany(values => values), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray());
        Assert.Equal([batch.Draws[0].Row + 1L, -1, -1, -1, -1], labels);
    }

    [Fact]
    public void Samples_of_varied_lengths_are_grouped_by_shape()
    {
        using var folder = new TemporaryFolder();
        int[] lengths = [5, 3, 5, 8, 3, 3, 5, 5, 3, 8, 5, 3];
        var files = new List<string>();
        foreach (var (i, length) in lengths.Index())
        foreach (var (input, name) in new[] { "ids", "mask" }.Index())
        {
            var values = Enumerable.Repeat((long)(10 * i + input), length).ToArray();
            files.Add(folder.Write($"test_data_set_{i:00}/input_{input}.pb", Tensors.Create(name, [1, length], values).ToByteArray()));
        }

        using var set = Open(new Net().Input("ids", DataType.Int64, -1, -1).Input("mask", DataType.Int64, -1, -1), [.. files]);

        var batches = set.Training(3).Take(40).ToArray();
        foreach (var batch in batches)
        {
            var length = lengths[batch.Draws[0].Row];
            Assert.Equal(3, batch.Count);
            Assert.All(batch.Inputs, input => Assert.Equal([3L, length], input.Type.Shape));
            Assert.All(batch.Draws, draw => Assert.Equal(length, lengths[draw.Row]));
            Assert.Equal(batch.Draws.SelectMany(draw => Enumerable.Repeat(10L * draw.Row, length)), Read<long>(batch, "ids"));
            Assert.Equal(batch.Draws.SelectMany(draw => Enumerable.Repeat(10L * draw.Row + 1, length)), Read<long>(batch, "mask"));
        }

        Assert.Equal(set.TrainingRows, batches.SelectMany(batch => batch.Draws).Select(draw => draw.Row).Distinct().Count());
    }

    [Fact]
    public void A_model_of_a_fixed_batch_takes_that_many_rows_with_a_label_each()
    {
        using var folder = new TemporaryFolder();
        var path = Numpy.Npz(
            folder.File("x.npz"),
            ("x", Numpy.Array([11, 3], Numbers(33))),
            ("label", Numpy.Array([11], [.. Numbers(11).Select(i => (int)i)]))
        );

        using var set = Open(new Net().Input("x", 2, 3), path);

        Assert.Equal((4, 1), (set.TrainingRows, set.HeldOutRows));
        foreach (var batch in set.Training(32).Take(8))
        {
            var row = Assert.Single(batch.Draws).Row;
            Assert.Equal([2L, 3], batch.Inputs[0].Type.Shape);
            Assert.Equal(Numbers(33)[(row * 6)..(row * 6 + 6)], Floats(batch));
            Assert.Equal([2L * row, 2 * row + 1], Labels(batch));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Large)]
    public void States_are_not_joined_and_a_scalar_serves_all_rows(long memory)
    {
        using var folder = new TemporaryFolder();
        var path = Numpy.Npz(
            folder.File("x.npz"),
            ("x", Numpy.Array([5, 3], Numbers(15))),
            ("state", Numpy.Array([5, 2, 1, 4], Numbers(40))),
            ("rate", Numpy.Array([], 16000L))
        );

        using var set = Open(Vectors.Input("state", 2, -1, 4).Input("rate", DataType.Int64), memory, [path]);

        foreach (var batch in set.Training(32).Take(8).Concat(set.HeldOut(32)))
        {
            var row = Assert.Single(batch.Draws).Row;
            Assert.Equal(Numbers(15)[(row * 3)..(row * 3 + 3)], Floats(batch));
            Assert.Equal(Numbers(40)[(row * 8)..(row * 8 + 8)], Floats(batch, "state"));
            Assert.Equal([2L, 1, 4], batch.Inputs.Single(input => input.Name == "state").Type.Shape);
            Assert.Equal([16000L], Read<long>(batch, "rate"));
        }
    }

    [Fact]
    public void Rows_with_different_scalars_are_in_different_batches()
    {
        using var folder = new TemporaryFolder();
        string[] files =
        [
            .. new[] { 8000L, 16000 }.Select(rate =>
                Numpy.Npz(folder.File($"{rate}.npz"), ("x", Numpy.Array([8, 3], Numbers(24))), ("rate", Numpy.Array([], rate)))
            ),
        ];

        using var set = Open(Vectors.Input("rate", DataType.Int64), files);

        foreach (var batch in set.Training(3).Take(20))
        {
            Assert.Equal(3, batch.Count);
            Assert.All(batch.Draws, draw => Assert.Equal(Read<long>(batch, "rate").Single(), draw.Row < 8 ? 8000 : 16000));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Large)]
    public void More_files_than_are_open_at_a_time_are_read(long memory)
    {
        using var folder = new TemporaryFolder();
        string[] files = [.. Enumerable.Range(0, 150).Select(i => folder.Write($"{i:000}.npy", Numpy.Array<float>([2, 3], i, i, i, i, i, i)))];

        using var set = Open(Vectors, memory, files);

        foreach (var batch in set.Training(27).Take(20))
            Assert.Equal(batch.Draws.SelectMany(draw => Enumerable.Repeat((float)(draw.Row / 2), 3)), Floats(batch));
    }

    [Fact]
    public void Validation_files_are_held_out_and_all_training_rows_are_used()
    {
        using var folder = new TemporaryFolder();
        var training = folder.Write("t.npy", Numpy.Array([20, 3], new float[60]));
        var validation = folder.Write("v.npy", Numpy.Array([7, 3], Numbers(21)));

        using var set = Open(Vectors, Large, [training], [validation]);

        Assert.Equal((20, 7), (set.TrainingRows, set.HeldOutRows));
        Assert.Equal(Numbers(21), set.HeldOut(3).SelectMany(batch => Floats(batch)));
        Assert.Equal([3, 3, 1], set.HeldOut(3).Select(batch => batch.Count));
        Assert.All(set.Training(5).Take(4), batch => Assert.All(Floats(batch), value => Assert.Equal(0, value)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Large)]
    public void Calls_of_calibration_are_copied_row_by_row(long memory)
    {
        var samples = ListedSamples.Of("x", ([3, 3], Numbers(9)), ([2, 3], [.. Numbers(15)[9..]]));

        using var set = TrainingSet.Copy(samples, SignatureReader.Read(Vectors.Build()), memory, seed: 1, CancellationToken.None);

        Assert.Equal((4, 1), (set.TrainingRows, set.HeldOutRows));
        foreach (var batch in set.Training(4).Take(3).Concat(set.HeldOut(4)))
            Assert.Equal(batch.Draws.SelectMany(draw => Numbers(15)[(draw.Row * 3)..(draw.Row * 3 + 3)]), Floats(batch));
    }

    [Fact]
    public void A_copied_call_of_a_fixed_batch_stays_whole()
    {
        var samples = ListedSamples.Of("x", ([3, 3], Numbers(9)), ([3, 3], Numbers(9)));

        using var set = TrainingSet.Copy(samples, SignatureReader.Read(new Net().Input("x", 3, 3).Build()), Large, seed: 1, CancellationToken.None);

        Assert.Equal((1, 1), (set.TrainingRows, set.HeldOutRows));
        Assert.Equal(Numbers(9), Floats(set.Training(16).First()));
    }

    private static CompressionLevel Level(string format) => format == "npz" ? CompressionLevel.NoCompression : CompressionLevel.Optimal;
}
