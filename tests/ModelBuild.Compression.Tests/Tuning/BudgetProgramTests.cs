using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Tuning.Allocation;

namespace ModelBuild.Compression.Tests.Tuning;

/// <summary>Tests that the dynamic program has the same result as a comparison of all combinations.</summary>
public sealed class BudgetProgramTests
{
    private static readonly LayerCode[] Codes = [LayerCode.Codebook16, LayerCode.Int4, LayerCode.Int8, LayerCode.Float32];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_other_combination_within_the_budget_has_a_smaller_error(int seed)
    {
        var table = Random(groups: 5, (ulong)seed);
        var program = new BudgetProgram(table);

        foreach (var share in new[] { 0, 0.1, 0.3, 0.5, 0.9, 1 })
        {
            var found = program.Within(share);
            var budget = table.Least + (share * (table.Most - table.Least));
            var least = Combinations(table)
                .Where(all => table.FixedCost + all.Sum(choice => choice.Cost) <= budget)
                .Min(all => all.Sum(choice => choice.Noise));

            Assert.True(found.Cost <= budget + 1e-6, $"share {share}: {found.Cost} exceeds {budget}");
            Assert.InRange(found.Noise, least - 1e-12, (least * 1.03) + 1e-12);
        }
    }

    [Fact]
    public void A_larger_budget_never_has_a_larger_error()
    {
        var program = new BudgetProgram(Random(groups: 12, seed: 9));

        var noises = Enumerable.Range(0, 21).Select(step => program.Within(step / 20.0).Noise).ToArray();

        Assert.All(noises.Zip(noises.Skip(1)), pair => Assert.True(pair.Second <= pair.First * 1.03));
        Assert.True(noises[^1] < noises[0]);
    }

    [Fact]
    public void A_budget_that_gains_nothing_is_not_used()
    {
        Choice[] choices = [new(LayerCode.Int8, 100, 1e-4), new(LayerCode.Float16, 200, 1e-4), new(LayerCode.Float32, 400, 0.99e-4)];
        var table = new ChoiceTable(1000, [new ChoiceGroup(["a"], choices)]);

        var found = new BudgetProgram(table).Within(1);

        Assert.Equal([(LayerCode.Int8, "a")], found.Forms.Select(form => (form.Code, form.Layers[0])));
        Assert.Equal((1100, 40.0), (found.Cost, Math.Round(found.SqnrDb, 1)));
    }

    private static ChoiceTable Random(int groups, ulong seed)
    {
        var random = new SplitMix64(seed);
        return new ChoiceTable(
            500,
            [
                .. Enumerable
                    .Range(0, groups)
                    .Select(group => new ChoiceGroup(
                        [$"layer {group}"],
                        [.. Codes.Select((code, i) => new Choice(code, (i + 1) * (10 + random.Below(1000)), (3 - i) * random.NextDouble()))]
                    )),
            ]
        );
    }

    private static IEnumerable<Choice[]> Combinations(ChoiceTable table) =>
        table.Groups.Aggregate(
            Enumerable.Repeat(Array.Empty<Choice>(), 1),
            (all, group) => all.SelectMany(some => group.Choices.Select(choice => some.Append(choice).ToArray()))
        );
}
