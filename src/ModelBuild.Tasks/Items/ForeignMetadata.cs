namespace ModelBuild.Tasks.Items;

/// <summary>Lists metadata of <c>OnnxModel</c> items that has a meaning outside ModelBuild.</summary>
internal static class ForeignMetadata
{
    /// <summary>The metadata that marks an item that the default glob found.</summary>
    public const string DefaultItem = "ModelBuildDefaultItem";

    /// <summary>The metadata that marks a None or Content item from outside the project that became a model.</summary>
    public const string AdoptedItem = "ModelBuildAdoptedItem";

    /// <summary>The metadata names that editors, NuGet and other parts of the SDK set, and those whose value <see cref="MetadataCheck"/> checks.</summary>
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

    /// <summary>Returns whether metadata of that name has a meaning outside ModelBuild.</summary>
    public static bool Contains(string name) => _names.Contains(name);
}
