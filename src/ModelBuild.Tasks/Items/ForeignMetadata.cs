namespace ModelBuild.Tasks.Items;

/// <summary>Metadata of <c>OnnxModel</c> items that is not for the compression or the class of a model.</summary>
internal static class ForeignMetadata
{
    /// <summary>Marks an item that the default glob found.</summary>
    public const string DefaultItem = "ModelBuildDefaultItem";

    /// <summary>Marks a None or Content item from outside of the project that became a model.</summary>
    public const string AdoptedItem = "ModelBuildAdoptedItem";

    /// <summary>What editors, NuGet and other parts of the SDK put on items, and what <see cref="MetadataCheck"/> judges by its value.</summary>
    private static readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase)
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

    /// <summary>Whether metadata of that name has a meaning for somebody else.</summary>
    public static bool Contains(string name) => _names.Contains(name);
}
