namespace ModelBuild.Compression.Tuning.Allocation;

/// <summary>The measured errors and costs of each group of layers in each form.</summary>
/// <param name="FixedCost">The cost of the rest of the model.</param>
/// <param name="Groups">The groups in the order of the graph.</param>
internal sealed record ChoiceTable(double FixedCost, IReadOnlyList<ChoiceGroup> Groups)
{
    /// <summary>The least cost that the model can have with the forms of the table.</summary>
    public double Least => FixedCost + Groups.Sum(group => group.Choices.Min(choice => choice.Cost));

    /// <summary>The largest cost that the model can have with the forms of the table.</summary>
    public double Most => FixedCost + Groups.Sum(group => group.Choices.Max(choice => choice.Cost));
}
