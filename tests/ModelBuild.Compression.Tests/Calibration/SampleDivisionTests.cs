using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Tests.Calibration;

public sealed class SampleDivisionTests
{
    [Theory]
    [InlineData(1, 100, new int[0], false)]
    [InlineData(2, 15, new int[0], false)]
    [InlineData(2, 16, new[] { 1 }, true)]
    [InlineData(3, 24, new[] { 2 }, true)]
    [InlineData(4, 4, new[] { 3 }, false)]
    [InlineData(4, 16, new[] { 3 }, true)]
    [InlineData(9, 9, new[] { 3, 7 }, false)]
    [InlineData(9, 90, new[] { 3, 7 }, true)]
    public void Calls_are_held_out_by_position(int calls, long rows, int[] heldOut, bool isJudgedApart)
    {
        var division = new SampleDivision(calls, rows);

        Assert.Equal(heldOut, Enumerable.Range(0, calls).Where(division.IsHeldOut));
        Assert.Equal(isJudgedApart, division.IsEvaluatedApart);
    }

    public static TheoryData<int, int> Sizes()
    {
        var sizes = new TheoryData<int, int>();
        foreach (var rows in new[] { 1, 3, 15, 16, 17, 40, 63, 64, 65, 100, 250, 1000 })
        foreach (var columns in new[] { 4, 60_000, 150_000 })
            if (rows * columns <= 6_000_000)
                sizes.Add(rows, columns);
        return sizes;
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Sizes))]
    public void A_quarter_of_the_rows_is_held_out_where_the_batch_is_open(int rows, int columns)
    {
        using var folder = new TemporaryFolder();
        var path = Numpy.Npz(folder.File("data.npz"), ("x", Numpy.Array([rows, columns], new float[rows * columns])));
        var source = new CalibrationFiles([path], SignatureReader.Read(new Net().Input("x", -1, columns).Build()));

        var calls = source.Read(CancellationToken.None).Select(sample => sample.Rows).ToArray();
        var division = SampleDivision.Of(source, CancellationToken.None);
        var heldOut = calls.Where((_, i) => division.IsHeldOut(i)).Sum();

        Assert.Equal(rows, calls.Sum());
        Assert.InRange(calls.Max(), 1, ArraySamples.RowsPerCall);
        Assert.InRange(calls.Max() - calls.Min(), 0, 1);
        Assert.Equal(rows >= SampleDivision.MinRowsToHoldOut, division.IsEvaluatedApart);
        if (rows >= SampleDivision.MinRowsToHoldOut)
            Assert.InRange(heldOut / (double)rows, 0.2, 0.32);
    }

    [Theory]
    [InlineData(8, 3, new[] { 8L, 8 }, new[] { 1 })]
    [InlineData(4, 9, new[] { 4L, 4, 4, 4 }, new[] { 3 })]
    [InlineData(1, 2, new[] { 1L, 1 }, new int[0])]
    public void Rows_of_a_fixed_batch_are_counted_too(int batch, int rest, long[] rows, int[] heldOut)
    {
        using var folder = new TemporaryFolder();
        var count = (int)rows.Sum() + (batch > 1 ? rest % batch : 0);
        var path = Numpy.Npz(folder.File("data.npz"), ("x", Numpy.Array([count, 2], new float[count * 2])));
        var source = new CalibrationFiles([path], SignatureReader.Read(new Net().Input("x", batch, 2).Build()));

        var division = SampleDivision.Of(source, CancellationToken.None);

        Assert.Equal(rows, source.Read(CancellationToken.None).Select(sample => sample.Rows));
        Assert.Equal(heldOut, Enumerable.Range(0, rows.Length).Where(division.IsHeldOut));
    }
}
