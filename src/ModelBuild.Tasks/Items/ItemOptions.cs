using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Items;

/// <summary>Reads the settings of an item. If an item does not set a value, the project's property applies.</summary>
/// <param name="item">An <c>OnnxModel</c> item.</param>
/// <param name="defaults">The item with the project's properties as metadata.</param>
internal sealed class ItemOptions(ITaskItem item, ITaskItem defaults)
{
    /// <summary>Gets the value of a setting from the item, or else from the project; null if neither sets one.</summary>
    public string? this[ItemField field] => Own(field) ?? (field.IsItemOnly ? null : Project(field.Name));

    /// <summary>Returns the value of a setting from the item or the project, or its default; empty if there is none.</summary>
    public string Value(ItemField field) => this[field] ?? field.Default ?? "";

    /// <summary>Returns the value of a setting that the item itself sets.</summary>
    public string? Own(ItemField field) => Text(item, field.Name);

    /// <summary>Returns the value of a property of the project.</summary>
    public string? Project(string name) => Text(defaults, name);

    private static string? Text(ITaskItem from, string name) => from.GetMetadata(name)?.Trim() is { Length: > 0 } text ? text : null;
}
