namespace Microsoft.Build.Framework;

/// <summary>
/// Marks a task that may share a process with tasks of other projects (<c>-mt</c>), because it uses absolute paths only and neither static state, environment
/// variables nor the current directory. MSBuild finds the attribute by its full name, so the task also loads in versions without it.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class MSBuildMultiThreadableTaskAttribute : Attribute;
