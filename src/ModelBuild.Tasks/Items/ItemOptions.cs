using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Items;

/// <summary>What an item says, and where it says nothing, what the project's properties say.</summary>
/// <param name="item">An <c>OnnxModel</c> item.</param>
/// <param name="defaults">The item that carries the project's properties.</param>
internal sealed class ItemOptions(ITaskItem item, ITaskItem defaults)
{
    /// <summary>The value of the item or else of the project; null when neither sets one.</summary>
    public string? this[ItemField field] => Own(field) ?? (field.IsItemOnly ? null : Project(field.Name));

    /// <summary>The value of the item, of the project, or else the default; empty where there is none.</summary>
    public string Value(ItemField field) => this[field] ?? field.Default ?? "";

    /// <summary>The value that the item itself has.</summary>
    public string? Own(ItemField field) => Text(item, field.Name);

    /// <summary>A value of the project.</summary>
    public string? Project(string name) => Text(defaults, name);

    private static string? Text(ITaskItem from, string name) => from.GetMetadata(name)?.Trim() is { Length: > 0 } text ? text : null;
}
