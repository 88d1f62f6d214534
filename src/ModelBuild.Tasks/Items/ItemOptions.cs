using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Items;

/// <summary>Reads the settings of an item. If an item does not set a value, the project's property applies.</summary>
/// <param name="item">An <c>OnnxModel</c> item.</param>
/// <param name="defaults">The item with the project's properties as metadata.</param>
internal sealed class ItemOptions(ITaskItem item, ITaskItem defaults)
{
    /// <summary>Gets the value of the item, or else of the project; null if neither sets one.</summary>
    public string? this[ItemField field] => Own(field) ?? (field.IsItemOnly ? null : Project(field.Name));

    /// <summary>Returns the value of the item, of the project, or the default; empty if there is none.</summary>
    public string Value(ItemField field) => this[field] ?? field.Default ?? "";

    /// <summary>Returns the value that the item itself sets.</summary>
    public string? Own(ItemField field) => Text(item, field.Name);

    /// <summary>Returns a value of the project.</summary>
    public string? Project(string name) => Text(defaults, name);

    private static string? Text(ITaskItem from, string name) => from.GetMetadata(name)?.Trim() is { Length: > 0 } text ? text : null;
}
