namespace ModelBuild.Tasks.Items;

/// <summary>The metadata that an <c>OnnxModel</c> item may have.</summary>
internal static class ItemMetadata
{
    /// <summary>Marks an item that the default glob found.</summary>
    public const string DefaultItem = "ModelBuildDefaultItem";

    /// <summary>Marks a None or Content item from outside of the project that became a model.</summary>
    public const string AdoptedItem = "ModelBuildAdoptedItem";

    /// <summary>What README's table of knobs explains.</summary>
    public static readonly string[] Knobs =
    [
        "Compression",
        "Recipe",
        "CalibrationData",
        "MaxAccuracyLoss",
        "MinSqnr",
        "Fidelity",
        "MaxSize",
        "Providers",
        "ClassName",
        "Namespace",
        "Access",
        "Labels",
        "State",
        "Names",
        "Stages",
        "Deploy",
    ];

    /// <summary>What editors, NuGet and other parts of the SDK put on items, and what <see cref="MetadataCheck"/> judges by its value.</summary>
    private static readonly HashSet<string> _foreign = new(StringComparer.OrdinalIgnoreCase)
    {
        DefaultItem,
        AdoptedItem,
        "AutoGen",
        "BuildAction",
        "CopyToOutputDirectory",
        "CopyToPublishDirectory",
        "Culture",
        "CustomTool",
        "CustomToolNamespace",
        "DependentUpon",
        "DesignTime",
        "DesignTimeSharedInput",
        "ExcludeFromSingleFile",
        "Generator",
        "InProject",
        "IsImplicitlyDefined",
        "LastGenOutput",
        "Link",
        "LinkBase",
        "LogicalName",
        "MSBuildSourceProjectFile",
        "MSBuildSourceTargetName",
        "NuGetPackageId",
        "NuGetPackageVersion",
        "OriginalItemSpec",
        "Pack",
        "PackageCopyToOutput",
        "PackagePath",
        "Private",
        "RelativePath",
        "SubType",
        "TargetPath",
        "Type",
        "Visible",
        "Watch",
        "WithCulture",
    };

    private static readonly HashSet<string> _knobs = new(Knobs, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether metadata of that name means something.</summary>
    public static bool IsKnown(string name) => _knobs.Contains(name) || _foreign.Contains(name);
}
