namespace ModelBuild.Tasks.Items;

/// <summary>Lists the settings of an item that the program reports if they have no effect.</summary>
internal static class GivenSettings
{
    private static readonly ItemField[] _questioned =
    [
        ItemMetadata.Compression,
        ItemMetadata.CalibrationData,
        ItemMetadata.TrainingData,
        ItemMetadata.ValidationData,
        ItemMetadata.TrainedFile,
        ItemMetadata.MaxAccuracyLoss,
        ItemMetadata.MinSqnr,
        ItemMetadata.Fidelity,
    ];

    /// <summary>Returns the names of the settings that the program reports if they have no effect.</summary>
    /// <param name="options">The settings of the item and of the project.</param>
    /// <param name="data">The files of calibration data.</param>
    public static IReadOnlyList<string> Of(ItemOptions options, IReadOnlyList<string> data) =>
        [.. _questioned.Where(field => options.Own(field) is not null || IsBudgetWithoutData(field, options, data)).Select(field => field.Name)];

    // Returns whether a setting of the project is a budget of accuracy for a model without any data. The program reports such a budget, while other properties
    // of the project may have no effect on one model.
    private static bool IsBudgetWithoutData(ItemField field, ItemOptions options, IReadOnlyList<string> data) =>
        field == ItemMetadata.MaxAccuracyLoss && data.Count == 0 && options.Project(field.Name) is not null && options[ItemMetadata.Compression] != "none";
}
