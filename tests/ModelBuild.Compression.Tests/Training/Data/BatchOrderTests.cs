using ModelBuild.Compression.Training.Data;
using static ModelBuild.Compression.Tests.Training.Data.TrainingFiles;

namespace ModelBuild.Compression.Tests.Training.Data;

public sealed class BatchOrderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(32)]
    public void Each_epoch_has_every_row_once_and_the_rest_of_an_epoch_goes_to_the_next(int size)
    {
        using var set = Set(20, seed: 3);

        var draws = set.Training(size).Take(4 * set.TrainingRows).SelectMany(batch => batch.Draws).ToArray();

        Assert.Equal(4 * set.TrainingRows * size, draws.Length);
        foreach (var (epoch, rows) in draws.Select(draw => draw.Row).Chunk(set.TrainingRows).Index())
        {
            Assert.Equal(set.TrainingRows, rows.Distinct().Count());
            Assert.All(draws.Skip(epoch * set.TrainingRows).Take(set.TrainingRows), draw => Assert.Equal(epoch, draw.Epoch));
        }

        Assert.NotEqual(draws[..set.TrainingRows].Select(draw => draw.Row), draws.Skip(set.TrainingRows).Take(set.TrainingRows).Select(draw => draw.Row));
        Assert.DoesNotContain(draws, draw => set.HeldOut(4).SelectMany(batch => batch.Draws).Any(held => held.Row == draw.Row));
    }

    [Fact]
    public void The_seed_decides_the_order_and_the_held_out_rows()
    {
        using var first = Set(200, seed: 3);
        using var again = Set(200, seed: 3);
        using var other = Set(200, seed: 4);

        Assert.Equal(Drawn(first), Drawn(again));
        Assert.NotEqual(Drawn(first), Drawn(other));
        Assert.Equal(HeldOut(first), HeldOut(again));
        Assert.NotEqual(HeldOut(first), HeldOut(other));

        static RowDraw[] Drawn(TrainingSet set) => [.. set.Training(7).Take(60).SelectMany(batch => batch.Draws)];
        static int[] HeldOut(TrainingSet set) => [.. set.HeldOut(7).SelectMany(batch => batch.Draws).Select(draw => draw.Row)];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(13)]
    public void Training_goes_on_where_it_stopped(int skip)
    {
        using var set = Set(20, seed: 3);

        Assert.Equal(set.Training(7).Skip(skip).Take(9).SelectMany(batch => batch.Draws), set.Training(7, skip: skip).Take(9).SelectMany(batch => batch.Draws));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 1)]
    [InlineData(95, 9)]
    [InlineData(19_990, 1999)]
    [InlineData(30_000, 2000)]
    public void Every_tenth_row_is_held_out_up_to_a_limit(int rows, int heldOut)
    {
        var division = RowDivision.Of(rows, seed: 5);

        Assert.Equal(heldOut, division.HeldOut.Length);
        Assert.Equal(Enumerable.Range(0, rows), division.Training.Concat(division.HeldOut).Order());
        Assert.Equal(division.Training.Order(), division.Training);
        Assert.Equal(division.HeldOut.Order(), division.HeldOut);
    }

    [Fact]
    public void A_large_validation_source_gives_rows_of_all_parts()
    {
        var rows = RowDivision.Validation(20_000, seed: 5);

        Assert.Equal(RowDivision.MaxHeldOut, rows.Distinct().Count());
        Assert.All(Enumerable.Range(0, 20), part => Assert.InRange(rows.Count(row => row / 1000 == part), 50, 150));
    }

    private TrainingSet Set(int rows, ulong seed) =>
        Open(new Net().Input("x", -1, 1), Large, [_folder.Write("x.npy", Numpy.Array([rows, 1], Numbers(rows)))], seed: seed);
}
