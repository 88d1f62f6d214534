using ModelBuild.Compression.Partition;

namespace ModelBuild.Compression.Tests.Partition;

public sealed class CutPlanTests
{
    [Fact]
    public void Work_is_shared_evenly()
    {
        double[] work = [5, 1, 1, 1, 5, 1, 1, 5];
        Assert.Equal([2, 5], new CutPlan(work, new double[9], Enumerable.Range(1, 7)).Find(3)!.Value.Cuts);
    }

    [Fact]
    public void Hardly_more_work_is_taken_for_fewer_bytes()
    {
        double[] work = [.. Enumerable.Repeat(1_000_000.0, 100)];
        double[] bytes = [.. Enumerable.Range(0, 101).Select(place => place == 48 ? 10.0 : 1000)];
        Assert.Equal([48], new CutPlan(work, bytes, Enumerable.Range(1, 99)).Find(2)!.Value.Cuts);
        bytes[40] = 0;
        Assert.Equal([48], new CutPlan(work, bytes, Enumerable.Range(1, 99)).Find(2)!.Value.Cuts);
    }

    [Fact]
    public void Bytes_cost_the_stage_that_takes_them()
    {
        double[] work = [100, 100, 100, 100];
        Assert.Equal([3], new CutPlan(work, [0, 0, 50, 1, 0], [2, 3]).Find(2)!.Value.Cuts);
    }

    [Fact]
    public void Only_places_that_are_allowed_are_cut()
    {
        var plan = new CutPlan([1, 1, 1, 1], new double[5], [1]);
        Assert.Equal([1], plan.Find(2)!.Value.Cuts);
        Assert.Null(plan.Find(3));
    }

    [Fact]
    public void No_other_cut_has_a_smaller_largest_stage()
    {
        var random = new Random(7);
        for (var trial = 0; trial < 50; trial++)
        {
            double[] work = [.. Enumerable.Range(0, 9).Select(_ => (double)random.Next(100))];
            double[] bytes = [.. Enumerable.Range(0, 10).Select(_ => (double)random.Next(10))];
            var best = (from a in Enumerable.Range(1, 8) from b in Enumerable.Range(1, 8) where a < b select Largest(a, b)).Min();
            var (cuts, largest) = new CutPlan(work, bytes, Enumerable.Range(1, 8)).Find(3)!.Value;
            Assert.Equal(best, largest);
            Assert.InRange(Largest(cuts[0], cuts[1]), best, best * 1.05);

            double Largest(int a, int b) => new[] { work[..a].Sum(), work[a..b].Sum() + 10 * bytes[a], work[b..].Sum() + 10 * bytes[b] }.Max();
        }
    }
}
