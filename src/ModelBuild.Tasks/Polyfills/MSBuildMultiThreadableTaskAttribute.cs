namespace Microsoft.Build.Framework;

/// <summary>
/// Says that a task may share a process with tasks of other projects (<c>-mt</c>): it uses absolute paths only, no statics,
/// no environment, no current directory. MSBuild looks for it by its full name, so that a task can carry it on any version.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class MSBuildMultiThreadableTaskAttribute : Attribute;
