using System.ComponentModel;

namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks for in order to compile <c>init</c>; netstandard2.0 has none.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class IsExternalInit;
