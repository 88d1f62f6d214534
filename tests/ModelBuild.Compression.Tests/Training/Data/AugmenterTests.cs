using System.Runtime.InteropServices;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Training.Data;
using static ModelBuild.Compression.Tests.Training.Data.TrainingFiles;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Data;

public sealed class AugmenterTests : IDisposable
{
    private const int Rows = 40,
        Height = 8,
        Width = 9;

    private readonly TemporaryFolder _folder = new();

    public static MatrixTheoryData<string, int> Moves => new(["flip", "shift(2)", "crop(3)", "flip+shift(1)+crop(2)", "shift(7)"], [1, 3, 4]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Moves))]
    public void An_image_is_flipped_and_moved_with_its_border_repeated(string text, int channels)
    {
        Assert.True(OptionValue.TryParse(text, typeof(Augmentations), out var value));
        var augmentations = (Augmentations)value!;
        using var set = Images(channels, out var images);
        var most = augmentations.Shift + augmentations.Crop;
        var found = new HashSet<(bool, int, int)>();

        // The test computes the expected image for each possible move. Exactly one of these images must be the result for each row.
        foreach (var batch in set.Training(6, augmentations).Take(30))
        foreach (var (i, pixels) in Floats(batch).Chunk(channels * Height * Width).Index())
        {
            var image = images.AsSpan(batch.Draws[i].Row * pixels.Length, pixels.Length).ToArray();
            var moves =
                from flip in new[] { false, true }
                from down in Enumerable.Range(-most, 2 * most + 1)
                from right in Enumerable.Range(-most, 2 * most + 1)
                where Moved(image, channels, flip, down, right).SequenceEqual(pixels)
                select (flip, down, right);
            found.Add(moves.First());
        }

        Assert.Equal(augmentations.Flip ? 2 : 1, found.Select(move => move.Item1).Distinct().Count());
        Assert.True(most == 0 || found.Select(move => move.Item2).Distinct().Count() > 2);
        Assert.True(most == 0 || found.Select(move => move.Item3).Distinct().Count() > 2);
    }

    [Fact]
    public void Half_of_the_images_are_flipped_and_every_shift_is_equally_likely()
    {
        var seen = new Dictionary<(bool, int), int>();
        var augmenter = new Augmenter(new Augmentations(Flip: true, Shift: 1), seed: 1);
        var input = new Compression.Training.Buffers.InputTensor("x", new(DataType.Float, [1, 1, 8, 8]));
        for (var row = 0; row < 6000; row++)
        {
            var line = Enumerable.Repeat(Numbers(8), 8).SelectMany(values => values).ToArray();
            augmenter.Apply(input, MemoryMarshal.AsBytes(line.AsSpan()), new RowDraw(row, 0), 0);
            var key = (line[3] > line[4], (int)(line[3] + line[4]));
            seen[key] = seen.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(6, seen.Count);
        Assert.All(seen.Values, count => Assert.InRange(count, 850, 1150));
    }

    [Theory]
    [InlineData("flip+shift(2)")]
    [InlineData("noise(0.5)")]
    [InlineData("flip+crop(1)+noise(0.1)")]
    public void A_row_in_an_epoch_changes_alike_whatever_its_batch_and_differs_between_epochs(string text)
    {
        Assert.True(Augmentations.TryParse(text, out var augmentations));
        using var set = Images(1, out _);
        var (single, large) = (Changed(set.Training(1, augmentations)), Changed(set.Training(12, augmentations)));

        Assert.Equal(3 * set.TrainingRows, single.Count);
        Assert.All(single, row => Assert.Equal(row.Value, large[row.Key]));
        Assert.Contains(single, row => row.Key.Epoch == 1 && !row.Value.SequenceEqual(single[row.Key with { Epoch = 0 }]));

        Dictionary<RowDraw, float[]> Changed(IEnumerable<TrainingBatch> batches) =>
            batches
                .TakeWhile(batch => batch.Draws[0].Epoch < 3)
                .AsParallel()
                .SelectMany(batch => batch.Draws.Zip(Floats(batch).Chunk(Height * Width)))
                .Where(row => row.First.Epoch < 3)
                .ToDictionary(row => row.First, row => row.Second);
    }

    [Fact]
    public void Noise_is_relative_to_the_deviation_of_the_image()
    {
        using var set = Images(3, out var images);
        var ratios = new List<double>();
        foreach (var batch in set.Training(6, new Augmentations(Noise: 0.25)).Take(6))
        foreach (var (i, pixels) in Floats(batch).Chunk(3 * Height * Width).Index())
        {
            var image = images.AsSpan(batch.Draws[i].Row * pixels.Length, pixels.Length).ToArray();
            ratios.Add(Deviation([.. pixels.Zip(image, (a, b) => a - b)]) / Deviation(image));
        }

        Assert.All(ratios, ratio => Assert.InRange(ratio, 0.18, 0.32));
        Assert.Equal(0.25, ratios.Average(), 0.01);
    }

    [Fact]
    public void An_image_and_its_mask_move_together_and_other_inputs_and_held_out_rows_stay()
    {
        var images = Noise.Floats(Rows * Height * Width, seed: 4);
        byte[] mask = [.. images.Select(value => value > 0 ? (byte)1 : (byte)0)];
        var path = Numpy.Npz(
            _folder.File("x.npz"),
            ("x", Numpy.Array([Rows, 1, Height, Width], images)),
            ("mask", Numpy.Array([Rows, 1, Height, Width], mask)),
            ("size", Numpy.Array([Rows, 1], Numbers(Rows)))
        );
        var net = new Net().Input("x", -1, 1, Height, Width).Input("mask", DataType.Uint8, -1, 1, Height, Width).Input("size", -1, 1);
        using var set = Open(net, path);

        foreach (var batch in set.Training(9, new Augmentations(Flip: true, Shift: 3)).Take(8))
        {
            Assert.Equal(Floats(batch).Select(value => value > 0 ? (byte)1 : (byte)0), Read<byte>(batch, "mask"));
            Assert.Equal(batch.Draws.Select(draw => (float)draw.Row), Floats(batch, "size"));
        }

        foreach (var batch in set.HeldOut(9))
            Assert.Equal(batch.Draws.SelectMany(draw => images.AsSpan(draw.Row * Height * Width, Height * Width).ToArray()), Floats(batch));
    }

    [Theory]
    [InlineData("flip", new long[] { -1, 3 }, "needs an input of images")]
    [InlineData("flip", new long[] { -1, 9, 9, 3 }, "needs an input of images")]
    [InlineData("flip", new long[] { -1, 3, 7, 9 }, "needs an input of images")]
    [InlineData("shift(9)", new long[] { -1, 1, 12, 9 }, "which are 9 pixels")]
    [InlineData("crop(10)", new long[] { -1, 1, 9, 12 }, "which are 9 pixels")]
    public void Changes_that_are_not_possible_are_an_error(string text, long[] shape, string what)
    {
        Assert.True(Augmentations.TryParse(text, out var augmentations));
        var rest = shape[1..];
        var path = _folder.Write("x.npy", Numpy.Array([2, .. rest], new float[2 * rest.Aggregate(1L, (a, b) => a * b)]));
        using var set = Open(new Net().Input("x", shape), path);

        AssertWrong(() => set.Training(2, augmentations), what, text);
    }

    [Fact]
    public void Noise_for_images_of_bytes_is_an_error()
    {
        var path = _folder.Write("x.npy", Numpy.Array([2, 1, 8, 8], new byte[128]));
        using var set = Open(new Net().Input("x", DataType.Uint8, -1, 1, 8, 8), path);

        AssertWrong(() => set.Training(2, new Augmentations(Noise: 0.1)), "needs images of float32", "noise(0.1)");
    }

    private static void AssertWrong(Action action, string what, string text)
    {
        var exception = Assert.Throws<CompressionException>(action);
        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Contains(what, exception.Message, StringComparison.Ordinal);
        Assert.Contains($"augment={text}", exception.Message, StringComparison.Ordinal);
    }

    private TrainingSet Images(int channels, out float[] images)
    {
        images = Noise.Floats(Rows * channels * Height * Width, seed: channels);
        var path = _folder.Write("x.npy", Numpy.Array([Rows, channels, Height, Width], images));
        return Open(new Net().Input("x", -1, channels, Height, Width), path);
    }

    private static float[] Moved(float[] image, int channels, bool flip, int down, int right)
    {
        var moved = new float[image.Length];
        for (var c = 0; c < channels; c++)
        for (var y = 0; y < Height; y++)
        for (var x = 0; x < Width; x++)
        {
            var (row, column) = (Math.Clamp(y - down, 0, Height - 1), Math.Clamp(x - right, 0, Width - 1));
            moved[(c * Height + y) * Width + x] = image[(c * Height + row) * Width + (flip ? Width - 1 - column : column)];
        }

        return moved;
    }

    private static double Deviation(float[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
