using System.ComponentModel;

namespace System.Runtime.CompilerServices;

/// <summary>Provides a type that the compiler needs for <c>init</c> and that netstandard2.0 does not have.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class IsExternalInit;
